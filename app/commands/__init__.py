"""The commands, by what they are for. `app.cli` names them."""
