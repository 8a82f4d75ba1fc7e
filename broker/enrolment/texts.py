"""The first files of a commune, with comments for whoever opens them. Pure text.

What must hold: commune.yaml passes broker/settings.py, the code book passes `keng codebook check`.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence

from broker.core.setup import Role
from broker.mosquitto.configuration import CommuneBroker

FIRST_OFFICER = "duty"
DESK_USERS = ("console", "trang-truc-ban")
"""The duty desk's name on the wire; the second where a person has the first."""
MAX_NAME = 80
"""Characters of the commune's name at the duty desk."""


def commune_yaml(commune: str, home: str, local_port: int, users: dict[str, Role], wish: str) -> str:
    """Settings of the commune's service; `wish`: the file that systemd/keng-broker.path waits for."""
    listed = "\n".join(f"  {name}: {role}" for name, role in users.items())
    return COMMUNE.format(commune=_text(commune), home=home, port=local_port, users=listed, wish=shlex.quote(wish))


def with_retire(text: str, folder: str) -> str:
    """commune.yaml with the folder that systemd/keng-retire.path waits for; as it is, if it says something about it."""
    if "retire_folder" in text:
        return text
    lines = RETIRE.format(folder=shlex.quote(folder))
    return re.sub(r"^(?=mqtt:)", lambda _: lines, text, count=1, flags=re.M)


def console_yaml(
    commune: str, name: str, register: str, home: str, user: str, ports: tuple[int, int], hosts: Sequence[str]
) -> str:
    """Settings of the duty desk; `ports`: Mosquitto's local one, and its own."""
    return CONSOLE.format(
        commune=_text(commune),
        name=json.dumps(name[:MAX_NAME], ensure_ascii=False),
        register=register,
        home=home,
        user=user,
        mqtt=ports[0],
        port=ports[1],
        hosts=json.dumps(list(dict.fromkeys(hosts))),
    )


def installed_yaml(addresses: Sequence[str], broker: CommuneBroker, pid_file: str) -> str:
    """What `keng enrol` needs to know of this machine."""
    others = json.dumps(list(dict.fromkeys(addresses[1:])))
    return INSTALLED.format(address=_text(addresses[0]), others=others, broker=broker, pid_file=pid_file)


def keng_yaml(commune: str, local_port: int) -> str:
    """Where `keng` on this machine finds the commune."""
    return KENG.format(commune=_text(commune), port=local_port, user=FIRST_OFFICER)


def backup_yaml(folder: str, second: str | None) -> str:
    """Where the nightly backup goes."""
    return BACKUP.format(folder=json.dumps(folder), second=second_line(second))


def second_line(second: str | None) -> str:
    """Its one line that the installer writes again where it is told to."""
    return "# second: /media/keng-sao-luu" if second is None else f"second: {json.dumps(second, ensure_ascii=False)}"


def codebook_yaml(commune: str, name: str, hamlets: int) -> str:
    """A code book to begin with: hamlets by number, the curfew at ten, no node yet."""
    listed = "\n".join(f"  thon-{number}: {{name: Thôn {number}}}" for number in range(1, hamlets + 1))
    return CODEBOOK.format(commune=_text(commune), name=json.dumps(name, ensure_ascii=False), hamlets=listed)


def _text(word: str) -> str:
    return word if word[0].isalpha() and word not in ("true", "false", "null") else f'"{word}"'


COMMUNE = """\
# Dịch vụ của xã, ở /etc/keng/commune.yaml. Sửa xong thì chạy: sudo systemctl restart keng-commune
# The commune's service, /etc/keng/commune.yaml. After a change: sudo systemctl restart keng-commune

commune: {commune}                 # mã xã / the commune's id
home: {home}        # sổ vụ việc / the register
codebook: codebook.yaml            # quy ước, cạnh tệp này / the code book, beside this file
key_file: commune.key              # khóa ký lệnh của xã, giữ kín / signs orders; secret

mqtt:                              # Mosquitto trên máy này / Mosquitto on this machine
  host: 127.0.0.1
  port: {port}
  user: service
  password_file: service.password
  # Khi Mosquitto treo, dịch vụ chạy lệnh này (keng-broker.path của systemd đợi tệp đó). Không có: chỉ báo trục trặc.
  # Run when Mosquitto hangs (systemd's keng-broker.path waits for that file). Without it: a trouble, and no more.
  restart: touch {wish}

# Ai được ra lệnh (officer), ai chỉ xem (watch); console là trang trực ban. Thêm người: thêm một dòng rồi chạy lại
# sudo bash deploy/install-commune.sh; mật khẩu mới nằm ở /etc/keng/TÊN.password. Bỏ người: xóa dòng rồi cũng chạy lại.
# Người dùng trang trực ban thì không ghi ở đây, mà: sudo keng officer add TÊN --role officer
# Who may order (officer) and who only sees (watch); console is the duty desk. To add somebody add a line and run
# deploy/install-commune.sh again: the new password is in /etc/keng/NAME.password. To take somebody out, delete the
# line and run it again. People of the duty desk are not written here: sudo keng officer add NAME --role officer
users:
{users}
"""

RETIRE = """\
# Trang trực ban thu hồi hộp kẻng: dịch vụ để tên hộp ở đây, keng-retire.path của systemd làm phần còn lại. Bỏ dòng này
# (thêm # ở đầu) thì chỉ thu hồi được tại máy: sudo keng retire TÊN
# The duty desk retires a node: the service leaves its name here, systemd's keng-retire.path does the rest. Without
# the line (put a # before it) that is done on this machine alone: sudo keng retire NODE
retire_folder: {folder}

"""

INSTALLED = """\
# install-commune.sh viết, `keng enrol` đọc. / Written by deploy/install-commune.sh for `keng enrol`.
address: {address}                  # các hộp tìm máy này ở đây / where nodes find this machine
others: {others}                        # tên, địa chỉ khác của máy, hộp thử lần lượt / more of them, tried in turn
mosquitto:
  folder: {broker.folder}
  pid_file: {pid_file}
  nodes_port: {broker.nodes_port}
  officers_port: {broker.officers_port}
  local_port: {broker.local_port}
ca: ca/ca.crt
"""

KENG = """\
# Lệnh keng trên máy này nối tới xã như sau (chạy bằng sudo, vì mật khẩu chỉ root đọc được).
# How `keng` on this machine reaches the commune (with sudo: only root can read the password).
commune: {commune}
broker: {{host: 127.0.0.1, port: {port}, password_file: {user}.password}}
user: {user}
"""

BACKUP = """\
# Sao lưu mỗi đêm (keng-backup.timer); làm ngay: sudo keng backup. Xem: systemctl status keng-backup
# Backed up each night; at once: sudo keng backup
folder: {folder}                   # chỉ root đọc được / for root alone
keep: 14                           # giữ bao nhiêu bản / how many are kept
# Nơi thứ hai: USB cắm sẵn, hoặc ổ của máy khác. Bản ở đó được niêm phong sau khi chạy: sudo keng safe /media/USB-KÉT
# A second place: a stick that stays in, another machine's disk. Sealed there once `keng safe` has been run.
{second}
"""

CONSOLE = """\
# Trang trực ban, ở /etc/keng/console.yaml. Sửa xong thì chạy:
#     sudo keng certificate && sudo systemctl restart keng-console
# The duty desk, /etc/keng/console.yaml. After a change run the line above.

commune: {commune}                 # mã xã / the commune's id
name: {name}                 # hiện ở đầu trang / at the head of each page
register: {register}    # sổ vụ việc của dịch vụ, chỉ đọc / the service's register, read only
home: {home}       # tài khoản, phiên làm việc / accounts and sessions

mqtt:                              # Mosquitto trên máy này / Mosquitto on this machine
  host: 127.0.0.1
  port: {mqtt}
  user: {user}                    # ở users của commune.yaml, với vai trò console / in commune.yaml's users, as console
  password_file: {user}.password

listen:                            # https://ĐỊA-CHỈ:{port}/
  address: 0.0.0.0                 # mọi card mạng của máy này / on all of this machine's networks
  port: {port}
  certificate: console.crt         # `keng certificate` làm ra và thay mỗi năm / makes it, and anew each year
  key: console.key
  ca_file: ca/ca.crt               # máy của cán bộ cần tệp này / what officers' browsers are given

hosts: {hosts}    # tên và địa chỉ gõ vào trình duyệt / names and addresses for the browser
"""

CODEBOOK = """\
# Quy ước kẻng của xã. Sửa xong thì tăng version rồi chạy: sudo keng codebook push /etc/keng/codebook.yaml
# The commune's code book. After a change raise version and run: sudo keng codebook push /etc/keng/codebook.yaml
commune: {commune}
name: {name}
version: 1                       # tăng mỗi khi sửa / raise it with each change
zone: Asia/Ho_Chi_Minh
alarm_s: 180                     # không ai tắt thì báo động tự hết / an alarm that nobody ends, ends
cancel_s: 30                     # được rút lại báo động trong bao lâu / an alert may be taken back for so long

hamlets:
  # Thôn giáp ranh, nếu muốn / neighbours, if wanted: thon-1: {{name: Thôn 1, neighbours: [thon-2]}}
{hamlets}

nodes:
  # `keng enrol` thêm từng hộp vào đây / adds each box here

escalation:
  # neighbours_after_s: 30       # không ai nhận: thôn giáp ranh / nobody acknowledges: the neighbours
  commune_after_s: 60            # không ai nhận: cả xã / nobody acknowledges: the whole commune

by_kind:
  default: alarm                 # ba tiếng nhanh, liên tục / rapid threes

chimes:
  - {{name: curfew, at: "22:00", days: daily, pattern: curfew, hamlets: all}}
"""
