"""Owns one figure: how many strangers an attacker reaches with automatic replies, and what becomes of the inquiries.

    python -m bench.bridge.flood [--posts 10000]

The attacker is as careful as can be: another mail address, domain, network address, text and page token each time,
within one hour. Prints JSON, and ends with 1 where a reply too many goes out or an inquiry is not kept.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from werkzeug.test import Client

from bridge.replying import PER_BRAND_AND_HOUR
from bridge.settings import Settings
from bridge.testing import ANSWERS, House, mail_server, open_house, write_centre
from bridge.web.app import create_app

_FORM = "/f/daon/ko/inquiry"
_UNLIMITED = Settings(limit_address="off", limit_form="off", limit_all="off", proxy_hops=1)


@dataclass(frozen=True)
class Flood:
    posts: int
    accepted: int
    kept: int
    held: int
    replies_sent: int
    replies_allowed: int
    team_mails: int

    @property
    def is_held(self) -> bool:
        kept = self.accepted == self.kept == self.posts and self.team_mails == self.posts - self.held
        return kept and self.replies_sent <= self.replies_allowed


def flood(posts: int) -> Flood:
    """All of it in one process, with a real database and a real mail server; only the clock is ours."""
    with tempfile.TemporaryDirectory() as folder:
        centre = write_centre(Path(folder), own="reply: ack\n")
        with open_house(centre, settings=_UNLIMITED) as house, mail_server() as mails:
            client = create_app(house.service).test_client()
            accepted = sum(_post(house, client, number, posts) for number in range(posts))
            house.clock.forward(seconds=10)
            house.courier(mails.port).deliver_due()
            entries = house.base.store.entries(limit=posts + 1)
            replies = sum(mail["Auto-Submitted"] == "auto-replied" for mail in mails.taken)
    held = sum(bool(entry.held) for entry in entries)
    return Flood(posts, accepted, len(entries), held, replies, PER_BRAND_AND_HOUR, len(mails.taken) - replies)


def _post(house: House, client: Client, number: int, posts: int) -> bool:
    token = house.service.tokens.for_form("daon/inquiry")
    house.clock.forward(seconds=3 if number == 0 else 3600 / posts)
    own = {
        "email": f"stranger{number}@domain{number}.example",
        "message": f"{number:b} {'가나다라마바사'[number % 7]} 문의합니다",
        "_token": token,
    }
    there = f"2001:db8:{number // 65536:x}:{number % 65536:x}::1"
    # A token has to be three seconds old; where the posts come faster than that, the clock is taken forward and back.
    before = house.clock.time
    house.clock.forward(seconds=3)
    headers = {"Accept": "application/json", "X-Forwarded-For": there}
    answer = client.post(_FORM, data=ANSWERS | own, headers=headers)
    house.clock.time = before
    return answer.status_code == 202


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.bridge.flood")
    parser.add_argument("--posts", type=int, default=10_000)
    figures = flood(parser.parse_args().posts)
    print(json.dumps(asdict(figures)))
    return 0 if figures.is_held else 1


if __name__ == "__main__":
    sys.exit(main())
