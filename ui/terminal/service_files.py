"""What starts the recorder with the computer and again when it ends: a systemd unit on Linux, a task for the Task Scheduler on Windows.

Texts only; ui/terminal/service_commands.py writes them. Sources: systemd.service(5), systemd.syntax(7), Microsoft's Task Scheduler schema.
"""

import subprocess
from html import escape

from storage.rules.refusal import Refusal

UNIT_NAME = "jaga-gudang-recorder.service"
TASK_NAME = "Jaga Gudang recorder"

# WatchdogSec: a recorder beats every 2 s, but a camera that is taken out may keep it 8 s. TimeoutStartSec: a large database may have to be
# brought to a new schema first. StartLimitIntervalSec=0: however often it fails, it is started again.
_UNIT = """\
[Unit]
Description=Jaga Gudang recorder
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
ExecStart={command}
Restart=always
RestartSec=2
WatchdogSec=60
TimeoutStartSec=600
TimeoutStopSec=60
KillMode=mixed
UMask=0077

[Install]
WantedBy=default.target
"""

# The restart on failure covers a recorder that could not be started; the triggers' repetition one that ended, for whatever reason: while
# one runs, another start is ignored. S4U: also while nobody is logged in. Priority 5 is the usual one, a task's own would be lower.
_REPEATED = "<Repetition><Interval>PT1M</Interval><StopAtDurationEnd>false</StopAtDurationEnd></Repetition>"
_TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Jaga Gudang recorder</Description>
  </RegistrationInfo>
  <Triggers>
    <BootTrigger>{repeated}<Enabled>true</Enabled></BootTrigger>
    <LogonTrigger>{repeated}<Enabled>true</Enabled></LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{user}</UserId>
      <LogonType>S4U</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def systemd_unit(command: list[str]) -> str:
    """The user unit that runs a command, its program given by its whole path. Raises Refusal for a word that no unit can hold.

    The colon before the program switches the replacing of variables off (systemd 242 and later); so a dollar stays a dollar.
    """
    if any(sign in command[0] for sign in "\"'\\"):
        raise Refusal("systemd starts no program whose path has quotes or backslashes in it: {word}. Move the program.", word=command[0])
    return _UNIT.format(command=":" + " ".join(_quoted(word) for word in command))


def scheduler_task(command: list[str], user: str) -> str:
    """The task that runs a command as a user (DOMAIN\\name); to be written as UTF-16. Raises Refusal for a word that no task can hold."""
    for word in (*command, user):
        _check(word)
        # The Task Scheduler would put something else in their place, and knows no way to write them otherwise.
        if "%" in word or "$(" in word:
            raise Refusal("The Task Scheduler cannot be given {word}: it has % or $( in it.", word=word)
    words = {"program": command[0], "arguments": subprocess.list2cmdline(command[1:]), "user": user}
    return _TASK.format(repeated=_REPEATED, **{name: escape(text, quote=False) for name, text in words.items()})


def _quoted(word: str) -> str:
    _check(word)
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def _check(word: str) -> None:
    """Raises Refusal for what would end a line, or is no text."""
    if not word.isprintable():
        raise Refusal("{word} holds a line break or another character that cannot be printed; rename it.", word=repr(word))
