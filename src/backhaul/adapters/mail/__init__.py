"""Ways to hand mail over: a folder of files (the default) and SMTP.

Both carry the same bytes, made in `mime`. Not here: what is written to whom (`domain/notify`).
"""

from backhaul.adapters.mail.folder import MailFolder
from backhaul.adapters.mail.kept import KeptMails
from backhaul.adapters.mail.smtp import SmtpMailer, SmtpSettings, TlsMode

__all__ = ["KeptMails", "MailFolder", "SmtpMailer", "SmtpSettings", "TlsMode"]
