"""Handing messages to a mail server, one connection for a batch.

Everything that goes wrong becomes one `NotSentError` whose `fate` says what follows:
`never` (the server will not have this message), `later` (not this message now), `down`
(no message now; the server may come back), `settings` (no message until a person acts).
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from enum import StrEnum

from notify.settings import MailSection
from notify.words import shorten
from storage.cells import is_address
from storage.ledger import Message

TIMEOUT_SECONDS = 30
TOO_LARGE = 552
READY = 250
# A full mailbox is emptied some day, whatever class of answer a server gives it (RFC 3463 X.2.2).
FULL = ("5.2.2", "quota", "mailbox full", "mailbox is full")
# The server wants us to log in or will not relay for us: no fault of this recipient.
OURS = (530, 534, 535, 538)


class Fate(StrEnum):
    NEVER = "never"
    LATER = "later"
    DOWN = "down"
    SETTINGS = "settings"

    @property
    def ends_batch(self) -> bool:
        return self in (Fate.DOWN, Fate.SETTINGS)


class NotSentError(RuntimeError):
    """A message did not leave: what happened and what to do, in Chinese, and what follows."""

    def __init__(self, fate: Fate, words: str) -> None:
        super().__init__(words)
        self.fate = fate


def try_login(
    mail: MailSection, password: str | None, context: ssl.SSLContext | None = None
) -> None:
    """Would mail leave? Connects, encrypts, logs in and says goodbye; sends nothing.

    Raises NotSentError: what is wrong and what to do. `mail.host` must be set.
    """
    Server(mail, password, context).try_login()


class Server:
    """The mail server of the settings, dialled when the first message goes out."""

    def __init__(
        self, mail: MailSection, password: str | None, context: ssl.SSLContext | None = None
    ) -> None:
        self._mail = mail
        self._password = password
        self._context = context or ssl.create_default_context()
        self._smtp: smtplib.SMTP | None = None

    @property
    def _place(self) -> str:
        return f"{self._mail.host}:{self._mail.service_port}"

    def send(self, message: Message) -> None:
        """Returns once the server has accepted the message. Raises NotSentError."""
        if not is_address(message.recipient):
            raise NotSentError(Fate.NEVER, "收件地址格式有误，请在登记册或设置中更正")
        try:
            self._send(message)
        except OSError:  # smtplib's own errors are OSErrors too; refusals are told apart below
            # A connection may have lapsed since the last message: one fresh try.
            self.close()
            try:
                self._send(message)
            except OSError as error:
                self.close()
                words = f"与邮件服务器 {self._place} 的连接中断（{_said(error)}），稍后自动重试"
                raise NotSentError(Fate.LATER, words) from error

    def try_login(self) -> None:
        """Does the server let us in? Nothing is sent. Raises NotSentError."""
        try:
            self._smtp = self._connect()
            code, said = self._smtp.noop()
        except OSError as error:
            words = f"与邮件服务器 {self._place} 的连接中断（{_said(error)}），稍后可再试"
            raise NotSentError(Fate.DOWN, words) from error
        finally:
            self.close()
        if code != READY:
            raise _not_taken(code, said)

    def close(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            # Every message is settled by now; a server that is gone needs no farewell.
            with contextlib.suppress(OSError):
                smtp.quit()
            smtp.close()

    def _send(self, message: Message) -> None:
        if self._smtp is None:
            self._smtp = self._connect()
        try:
            self._smtp.sendmail(self._mail.sender, [message.recipient], message.mime)
        except smtplib.SMTPSenderRefused as error:
            raise self._sender_refused(error) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise _not_taken(*error.recipients[message.recipient]) from error
        except smtplib.SMTPDataError as error:
            raise _not_taken(error.smtp_code, error.smtp_error) from error

    def _connect(self) -> smtplib.SMTP:
        try:
            smtp = self._dial()
        except ssl.SSLCertVerificationError as error:
            raise self._unusable("的证书未通过验证", error, "请核对 [mail] host") from error
        except smtplib.SMTPNotSupportedError as error:
            advice = "请将 [mail] security 改为 ssl 或与服务器相符的值"
            raise self._unusable("不支持 STARTTLS 加密", error, advice) from error
        except OSError as error:
            words = (
                f"无法连接邮件服务器 {self._place}（{_said(error)}）。请检查网络及 [mail] 的 host、"
                "port、security；邮件已保留，将自动重试"
            )
            raise NotSentError(Fate.DOWN, words) from error
        if self._mail.username:
            try:
                self._login(smtp, self._mail.username)
            except NotSentError:
                smtp.close()
                raise
        return smtp

    def _dial(self) -> smtplib.SMTP:
        host, port = self._mail.host or "", self._mail.service_port
        if self._mail.security == "ssl":
            return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=self._context)
        smtp = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        if self._mail.security == "starttls":
            try:
                smtp.starttls(context=self._context)
            except OSError:
                smtp.close()
                raise
        return smtp

    def _login(self, smtp: smtplib.SMTP, username: str) -> None:
        if self._password is None:
            words = (
                f"未提供邮箱 {username} 的密码。请设置环境变量 XUNJIAN_MAIL_PASSWORD；邮件已保留"
            )
            raise NotSentError(Fate.SETTINGS, words)
        advice = "请核对 [mail] username 和环境变量 XUNJIAN_MAIL_PASSWORD"
        try:
            smtp.login(username, self._password)
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code < 500:
                words = f"邮件服务器 {self._place} 暂不能登录（{_said(error)}），稍后自动重试"
                raise NotSentError(Fate.DOWN, words) from error
            raise self._unusable(f"拒绝用户 {username} 登录", error, advice) from error
        except UnicodeEncodeError as error:
            raise self._unusable("只接受英文字符的用户名和密码", error, advice) from error
        except OSError as error:
            if type(error) in (smtplib.SMTPException, smtplib.SMTPNotSupportedError):
                raise self._unusable("不支持登录", error, "请核对 [mail] security") from error
            words = f"登录邮件服务器 {self._place} 时连接中断（{_said(error)}），稍后自动重试"
            raise NotSentError(Fate.DOWN, words) from error

    def _sender_refused(self, error: smtplib.SMTPSenderRefused) -> NotSentError:
        if error.smtp_code == TOO_LARGE or error.smtp_code < 500:
            return _not_taken(error.smtp_code, error.smtp_error)
        advice = "请核对 [mail] 的 sender、username"
        return self._unusable(f"拒绝发件人 {self._mail.sender}", error, advice)

    def _unusable(self, what: str, error: Exception, advice: str) -> NotSentError:
        words = (
            f"邮件服务器 {self._place} {what}（{_said(error)}）。{advice}；邮件已保留，改正后再发"
        )
        return NotSentError(Fate.SETTINGS, words)


def _not_taken(code: int, said: bytes | str) -> NotSentError:
    answer = shorten(f"{code} {_text(said)}", 200)
    if code in OURS or "relay" in answer.lower():
        words = f"邮件服务器不予转发（{answer}）。请核对 [mail] username 和 sender；稍后自动重试"
        return NotSentError(Fate.LATER, words)
    if code >= 500 and any(sign in answer.lower() for sign in FULL):
        words = f"收件信箱已满（{answer}）。请联系收件人清理；稍后自动重试"
        return NotSentError(Fate.LATER, words)
    if code >= 500:
        words = f"邮件服务器拒收（{answer}）。请核对收件地址；邮件已保留，不再重试"
        return NotSentError(Fate.NEVER, words)
    return NotSentError(Fate.LATER, f"邮件服务器暂不接收（{answer}），稍后自动重试")


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return shorten(f"{error.smtp_code} {_text(error.smtp_error)}", 200)
    return shorten(str(error) or type(error).__name__, 200)


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
