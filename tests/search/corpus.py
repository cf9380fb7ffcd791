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
