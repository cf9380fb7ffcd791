"""What arrives at a help desk: inquiries as customers write them, and posts as robots make them. Made by chance, always
the same chance. Refuses to be easy: customers name casinos and links, some robots are careful."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_OPENINGS = (
    "안녕하세요.",
    "안녕하세요, 문의드립니다.",
    "수고 많으십니다.",
    "급해서 글 남깁니다.",
    "",
    "고객센터 담당자님께",
    "처음 문의해 봐요.",
)
_THINGS = (
    "텀블러", "무선 이어폰", "토토로 인형", "카지노 칩 보드게임", "아기 젖병", "겨울 이불", "슬롯 머신 저금통",
    "캠핑 의자", "비타민 D", "로봇 청소기", "고양이 사료", "운동화 270", "커피 원두 1kg", "전기포트",
    "성인용 기저귀", "수면 안대",
)  # fmt: skip  # a list of things
_TROUBLES = (
    "{thing} 주문했는데 사흘째 배송 준비 중이에요.", "{thing} 받았는데 모서리가 깨져 있어요. 사진 첨부합니다.",
    "{thing} 색상이 화면과 너무 달라요.", "{thing} 결제가 두 번 됐어요. 한 건 취소해 주세요.",
    "{thing} 교환하고 싶은데 왕복 배송비가 얼마인가요?", "{thing} 재입고 알림을 받고 싶습니다.",
    "{thing} 설명서가 빠져 있어서 조립을 못 하고 있어요.", "{thing} 환불이 아직 카드사에 안 넘어갔대요.",
    "{thing} 현금영수증 번호를 잘못 적었습니다.", "{thing} 배송지를 회사로 바꿔 주실 수 있나요?",
    "{thing} 쿠폰 적용이 안 돼요. 오류 코드 E-{n}이라고 나옵니다.", "{thing} A/S 기간이 얼마나 되는지 궁금해요.",
)  # fmt: skip  # a list of troubles
_DETAILS = (
    "주문 번호는 OD-2026{n}입니다.", "지난주 {n}일에 샀어요.", "영수증은 가지고 있습니다.",
    "상품 페이지는 https://www.daon.example/p/{n} 이에요.",
    "택배 조회는 https://tracker.example/{n} 에서 했고 상품은 https://www.daon.example/p/{n} 입니다.",
    "카드는 {n} 카드고 3개월 할부예요.", "어머니 선물이라 꼭 이번 주 안에 받아야 해요.",
    "앱에서는 안 되고 웹에서만 돼요.", "iPhone 15, iOS 18.{n}이고 Safari 씁니다.",
    "전화를 세 번 했는데 통화 중이라서요.",
    "대출 상환일이라 통장 잔액이 모자라요, 취소 부탁드려요.",
    "아이 학교 준비물이라 급합니다.", "친구가 추천해서 샀는데 좀 속상하네요.", "카톡으로 답 주셔도 돼요.",
)  # fmt: skip  # a list of details
_CLOSINGS = (
    "확인 부탁드립니다.",
    "빠른 답변 기다릴게요.",
    "감사합니다.",
    "답 주세요ㅠㅠ",
    "꼭 좀 봐 주세요!!",
    "",
)
_SHORT = ("환불해 주세요", "언제 오나요?", "배송 조회가 안 돼요", "감사합니다 잘 받았어요", "취소요", "연락 주세요")
_ENGLISH = (
    "Hi, my {thing} arrived broken, order {n}. Could you send a new one?",
    "I was charged twice for the {thing}. Please refund one payment, my card ends with {n}.",
    "WHERE IS MY ORDER?? It says delivered on the {n}th but there was nothing at the door.",
    "Hello, I moved last week and need to change the address of order {n} before you ship the {thing}.",
    "Does the {thing} ship to Japan? The page https://www.daon.example/p/{n} does not say.",
    "The casino night set is missing two cards, and the box of the {thing} was open. Photos attached.",
    "I cannot log in since the update. Error {n}. I tried Chrome and Firefox on Windows 11.",
    "안녕하세요, sorry my Korean is bad. 제 {thing} 교환하고 싶어요. Wrong size, I need {n}.",
    "注文番号 {n} の {thing} がまだ届きません。確認をお願いします。",
)  # fmt: skip  # a list of letters
_MORE = (
    "It was a present for my mother.", "I have been a customer for years.", "My number is 010-{n}.", "Thanks!", "",
    "I need it before Friday.", "The {thing} was fine last time.", "よろしくお願いします。",
    "Can I also add the {thing}?", "I wrote on the {n}th and got no answer.",
    "It is for my office, we need a receipt with our tax number.",
)  # fmt: skip  # a list of sentences
_NAMES = (
    "김하늘",
    "이서준",
    "박지우",
    "최민아",
    "정도윤",
    "강예은",
    "Emily Clark",
    "Tom O'Neil",
    "佐藤美咲",
    "윤재",
    "Nguyễn Văn An",
)
_HOSTS = ("naver.com", "gmail.com", "daum.net", "kakao.com", "hanmail.net", "company.example", "outlook.com")


@dataclass(frozen=True)
class Letter:
    name: str
    email: str
    subject: str
    message: str


def letters(count: int, chance: random.Random) -> Iterator[Letter]:
    """As customers write."""
    for at in range(count):
        number = chance.randrange(1000, 99999)
        thing = chance.choice(_THINGS)
        kind = chance.random()
        if kind < 0.08:
            message = chance.choice(_SHORT)
        elif kind < 0.3:
            message = f"{chance.choice(_ENGLISH)} {chance.choice(_MORE)}".format(thing=thing, n=number)
        else:
            details = chance.sample(_DETAILS, chance.randrange(0, 3))
            parts = (chance.choice(_OPENINGS), chance.choice(_TROUBLES), *details, chance.choice(_CLOSINGS))
            message = " ".join(part for part in parts if part).format(thing=thing, n=number)
        name, host = chance.choice(_NAMES), chance.choice(_HOSTS)
        yield Letter(name, f"customer{at}@{host}", message[:30], message)


Way = Literal["replay", "fast", "trap", "plain", "browser"]
"""How a robot posts: a captured post again, a script with a fresh token, one that fills in every field, one that takes
the answer for a page, or a whole browser that waits as people do."""
_WAYS: tuple[Way, ...] = ("replay", "replay", "replay", "fast", "trap", "plain", "browser")
_SPAM = (
    "Dear owner, we offer SEO service and quality backlink packages for your website. Visit https://seo{n}.top",
    "Best online casino bonus {n}% betting today!! https://win{n}.bet https://win{n}.vip https://x{n}.ru https://y{n}.ru",
    "[url=http://cheap{n}.shop]cheap viagra cialis[/url] http://a{n}.ru http://b{n}.ru",
    "안전한 바카라 카지노 추천! 가입 즉시 꽁머니 {n}만 원 텔레그램 @lucky{n}",
    "무직자 작업대출 내구제 당일 가능 카톡 아이디 money{n}",
    "블로그 상위노출 백링크 작업 해 드립니다. www.rank{n}.site",
    "Здравствуйте! Хотите больше клиентов из интернета? Пишите нам, сделаем рассылку по формам сайтов, цена {n}.",
    "Hello, I noticed your website could rank on the first page of google. Reply for a free quote. {n}",
    "I am an investor and wish to discuss a confidential business transfer with you. Please respond urgently.",
    "Grow your Instagram! buy followers cheap, passive income guaranteed, write to whatsapp +44{n}",
)  # fmt: skip  # a list of spam


@dataclass(frozen=True)
class Robot:
    way: Way
    letter: Letter


def robots(count: int, chance: random.Random) -> Iterator[Robot]:
    """As robots post; each seventh is a whole browser whose letter alone can give it away."""
    for at in range(count):
        message = chance.choice(_SPAM).format(n=chance.randrange(100, 999))
        email = f"{chance.choice(('lily', 'james', 'smm', 'info'))}{at}@{chance.choice(_HOSTS)}"
        yield Robot(_WAYS[at % len(_WAYS)], Letter(f"{chance.choice(('Lily', 'James'))} {at}", email, "Hello", message))
