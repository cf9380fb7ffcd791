"""A small help centre as documents: lifelike, written for these tests."""

from __future__ import annotations

from portal_builder.search.document import Document

_KO = """\
refund|환불은 언제 들어오나요?|카드는 승인 취소까지 3~5영업일이 걸립니다. 계좌이체는 1~2영업일 안에 들어옵니다.
refund-form|환불 신청 방법|내 주문에서 환불 신청을 누르고 사유를 고르면 접수됩니다. 사진이 필요할 수 있어요.
cancel|주문을 취소하고 싶어요|배송이 시작되기 전이라면 주문 상세에서 바로 취소할 수 있습니다.
exchange|사이즈 교환이 되나요?|상품을 받은 날부터 7일 안에 교환을 신청해 주세요. 왕복 배송비가 듭니다.
delivery|배송지 변경|출고 전까지 배송지를 바꿀 수 있습니다. 새벽배송은 전날 밤 10시까지입니다.
late|배송이 늦어져요|날씨와 물량에 따라 택배가 하루 이틀 늦을 수 있습니다. 송장 번호로 위치를 확인하세요.
password|비밀번호를 잊어버렸어요|로그인 화면에서 비밀번호 찾기를 누르면 재설정 메일을 보내 드립니다.
email|이메일 주소 바꾸기|계정 설정에서 새 이메일을 적고 인증 번호를 입력합니다.
leave|회원 탈퇴|탈퇴하면 포인트와 쿠폰이 사라지고 되돌릴 수 없습니다.
points|포인트 유효기간|적립한 날부터 1년 동안 쓸 수 있고 먼저 적립된 것부터 사라집니다.
coupon|쿠폰이 적용되지 않아요|최소 주문 금액과 사용 기간, 제외 상품을 확인해 주세요.
receipt|현금영수증 발급|결제할 때 휴대폰 번호를 적으면 자동으로 발급됩니다. 나중에도 신청할 수 있습니다.
tax|세금계산서 요청|사업자 등록증을 보내 주시면 다음 달 10일까지 발행합니다.
card|카드 결제가 실패해요|한도와 유효기간을 확인하세요. 오류 코드 E-1023은 카드사 점검을 뜻합니다.
wifi|Wi-Fi 연결이 끊겨요|공유기를 껐다 켜고 5GHz 대신 2.4GHz로 연결해 보세요.
bluetooth|블루투스 스피커 등록|기기의 페어링 버튼을 3초 동안 누르면 목록에 나타납니다.
app|앱 알림 끄기|휴대폰 설정의 알림에서 끄거나 앱의 알림 설정에서 종류별로 끌 수 있습니다.
hours|고객센터 운영시간|평일 오전 9시부터 오후 6시까지, 점심시간은 12시부터 1시까지입니다.
clean|필터 청소 주기|정수 필터는 6개월, 먼지 필터는 두 주에 한 번 물로 씻어 말립니다.
install|제품 설치 예약|원하는 날짜와 시간대를 고르면 기사님이 전화로 방문을 확정합니다.
move|이사할 때 이전 설치|이사 일주일 전까지 이전 설치를 예약해 주세요.
macbook|MacBook Pro 배터리 교체|보증 기간이 지나도 유상으로 교체할 수 있습니다.
"""
_EN = """\
install-en|Installing the app|Download the application and follow the installation steps.
connect-en|Connection problems|Restart your router and connect to the 2.4 GHz network again.
"""
_JA = """\
henkin|返金はいつ届きますか|カードの場合は三営業日から五営業日で返金されます。
haiso|配送先の変更|出荷前であれば注文の詳細から届け先を変更できます。
pasuwado|パスワードを忘れました|ログイン画面から再設定のメールを受け取れます。
setsuzoku|iPhoneとの接続方法|ブルートゥースを有効にして機器を登録します。
"""
KEYWORDS = {"leave": ("계정삭제",)}
SYNONYMS = (("와이파이", "Wi-Fi", "무선 인터넷"), ("반품", "교환"))


def documents(table: str) -> list[Document]:
    return [
        Document(f"faq/{name}", f"faq/{name}/", title, text, "faq", keywords=KEYWORDS.get(name, ()))
        for name, title, text in (line.split("|") for line in table.splitlines())
    ]


KOREAN = documents(_KO + _EN)
JAPANESE = documents(_JA)

HABITS = {
    "환불은 어떻게 하나요": "refund",
    "카드 결제 실패": "card",
    "비밀번호를 까먹었는데 어떻게 찾나요": "password",
    "배송지를 변경하려면": "delivery",
    "배송지변경": "delivery",
    "고객 센터 운영 시간": "hours",
    "고객센터운영시간은언제인가요": "hours",
    "포인트 유효기가": "points",
    "현금영수즌": "receipt",
    "환부": "refund",
    "환ㅂ": "refund",
    "ㅎㅂ": "refund",
    "ㅎㅇ ㅌㅌ": "leave",
    "ghksqnf": "refund",
    "qlalfqjsgh": "password",
    "ㅡㅁㅊㅠㅐㅐㅏ": "macbook",
    "ｍａｃｂｏｏｋ": "macbook",
    "환불": "refund",
    "macbok pro": "macbook",
    "E-1023": "card",
    "e1023": "card",
    "1023": "card",
    "와이파이 연결": "wifi",
    "wifi": "wifi",
    "무선인터넷 끊김": "wifi",
    "계정삭제": "leave",
    "반품하고 싶어요": "exchange",
    "installation": "install-en",
    "connecting": "connect-en",
}


def shop(count: int) -> list[Document]:
    """A small portal that says 배송 and 환불 everywhere."""
    names = ("적립", "세탁", "조립", "건조", "등급", "초대", "후기", "선물", "포장", "정기", "예약", "이벤트")
    plenty = [
        Document(f"faq/{number}", f"faq/{number}/", f"{names[number % len(names)]} 안내 {number}",
                 f"{names[number % len(names)]} 배송과 환불은 주문 내역에서 봅니다. 배송 전이면 환불됩니다.", "faq")
        for number in range(count)
    ]  # fmt: skip  # a row each
    late = Document("faq/late", "faq/late/", "배송이 늦어져요", "배송 조회를 눌러 주세요.", "faq")
    broken = Document(
        "faq/broken", "faq/broken/", "깨진 상품을 받았어요", "배송 중 파손이면 새로 보내 드립니다.", "faq"
    )
    coupon = Document(
        "faq/coupon", "faq/coupon/", "할인 받기", "쿠폰은 결제 화면에서 고릅니다. 배송비는 빠집니다.", "faq"
    )
    return [*plenty, late, broken, coupon]
