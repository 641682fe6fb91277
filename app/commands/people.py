"""`xunjian people …`: who may use the pages. Passwords come by prompt or standard input alone."""

from __future__ import annotations

import getpass
import os
import sys
from contextlib import AbstractContextManager
from typing import Annotated

import typer

from app.commands.base import FormatOption, opened, say
from app.show import Format, console, show

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="登录名。")]
RoleOption = Annotated[
    str,
    typer.Option(
        "--role",
        help="viewer 责任单位 | clerk 经办人 | reviewer 审核人 | leader 分管领导 | "
        "operator 运维人员",
    ),
]
PersonUnit = Annotated[str, typer.Option("--unit", help="单位编号；只用于 viewer。")]


def people_add(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="姓名；考核签署以此区分。")],
    role: RoleOption,
    unit: PersonUnit = "",
    front: Annotated[
        bool, typer.Option("--front", help="不设密码，只由统一登录（[web] login_header）进入。")
    ] = False,
) -> None:
    """开通人员。密码按提示输入，或从标准输入读一行；不能写在命令里。"""
    from app.people import Entrant, add

    with opened() as (_, settings, ledger):
        password = None if front else _password()
        with _by_command("people.add", login, f"{role} {unit}".strip()):
            person = add(ledger, settings.web, Entrant(login, name, role, unit, password))
    say(f"已开通：{person.login}（{person.name}）。")


def people_list(form: FormatOption = Format.TABLE) -> None:
    """全部人员，包括已停用的。"""
    from app.people import people_sheet

    with opened() as (_, _, ledger):
        show(people_sheet(ledger), form)


def people_password(login: Login) -> None:
    """重设密码；本人已登录的页面随即退出。"""
    from app.people import change_password

    with opened() as (_, _, ledger):
        password = _password()
        with _by_command("people.password", login):
            change_password(ledger, login, password)
    say(f"已重设 {login} 的密码。")


def people_role(login: Login, role: RoleOption, unit: PersonUnit = "") -> None:
    """改变角色或单位；本人已登录的页面随即退出。"""
    from app.people import change_role

    with opened() as (_, _, ledger), _by_command("people.role", login, f"{role} {unit}".strip()):
        change_role(ledger, login, role, unit)
    say(f"已改变 {login} 的角色。")


def people_end(login: Login) -> None:
    """停用人员；停用的登录名不能再启用，也不能重新使用。"""
    from app.people import COMMAND, end

    with opened() as (_, _, ledger), _by_command("people.end", login):
        end(ledger, login, COMMAND)
    say(f"已停用：{login}。")


def people_token(
    login: Annotated[
        str, typer.Argument(metavar="[LOGIN]", help="登录名；列出或停用时不写。")
    ] = "",
    label: Annotated[str, typer.Option("--label", help="用途，如 报表程序。")] = "",
    stop: Annotated[int | None, typer.Option("--end", help="停用这个编号的密钥。")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """给程序发放密钥（只显示一次，权限同本人）；--end 停用；都不写则列出。"""
    from app.people import add_token, end_token, tokens_sheet

    with opened() as (_, _, ledger):
        if stop is not None:
            with _by_command("people.token_end", f"token:{stop}"):
                end_token(ledger, stop)
            say(f"已停用密钥 {stop}。")
        elif login:
            with _by_command("people.token", login, label):
                number, secret = add_token(ledger, login, label)
            say(f"密钥 {number} 已发放，只显示这一次：")
            console().print(secret, markup=False)
        else:
            show(tokens_sheet(ledger), form)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = typer.prompt("密码", hide_input=True, confirmation_prompt="再输一次", err=True)
    return typed


def _by_command(action: str, on: str, note: str | None = None) -> AbstractContextManager[None]:
    """The audit knows that it was done at the machine itself, and by which of its users."""
    from app.people import COMMAND
    from storage.clock import now
    from storage.ledger.acting import Act, acting

    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())  # a container may have no name for it
    whose = f"系统用户 {user}"
    told = f"{note}；{whose}" if note else whose
    on = on if ":" in on else f"person:{on}"
    return acting(Act(COMMAND, "本机", action, on, now(), told))
