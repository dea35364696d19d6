"""The words of papers: English in the code, Vietnamese beside it here."""

from collections.abc import Mapping

from search.papers.findings import Language

VIETNAMESE: Mapping[str, str] = {
    "Route of a vehicle": "Hành trình phương tiện",
    "Plate": "Biển số",
    "Span": "Khoảng thời gian",
    "Found": "Kết quả",
    "Asked by": "Người tra cứu",
    "Reason": "Lý do",
    "Case": "Vụ việc",
    "Made": "Lập lúc",
    "at any time": "mọi thời gian",
    "from {start} on": "từ {start} trở đi",
    "before {end}": "trước {end}",
    "from {start} to {end}": "từ {start} đến {end}",
    "stops: {stops}, unsure of them: {unsure} · trips: {trips} · about {km} in all": (
        "{stops} điểm, trong đó {unsure} chưa chắc · {trips} chuyến · tổng cộng khoảng {km}"
    ),
    "by hand: {put} put in, {taken} taken out": ("bằng tay: đưa vào {put}, bỏ ra {taken}"),
    "by hand": "bằng tay",
    "nobody saw it": "không camera nào ghi nhận",
    "no reading is sure enough to be a stop": "không lần đọc nào đủ chắc chắn để thành một điểm",
    "Map": "Bản đồ",
    "Timeline": "Diễn biến",
    "Pictures": "Hình ảnh",
    "No stop has a known place: there is no map.": "Không điểm nào có vị trí: không có bản đồ.",
    "seen: the plate was read as asked": "đã nhìn thấy: đọc đúng biển đã hỏi",
    "perhaps seen: read otherwise (?)": "có thể đã nhìn thấy: đọc khác (?)",
    "inferred: nobody saw it there; paler is less sure": (
        "suy đoán: không ai thấy xe ở đó; nhạt hơn là kém chắc hơn"
    ),
    "road": "đường",
    "N": "B",
    "Map: © OpenStreetMap contributors, or as imported": (
        "Bản đồ: © những người đóng góp OpenStreetMap, hoặc bản đồ đã nhập"
    ),
    "stop": "điểm",
    "time in Hanoi": "giờ Hà Nội",
    "camera": "camera",
    "name": "tên camera",
    "latitude": "vĩ độ",
    "longitude": "kinh độ",
    "read as": "đọc là",
    "score": "độ tin cậy",
    "sure": "chắc chắn",
    "unsure": "chưa chắc",
    "how sure": "mức chắc chắn",
    "likelihood": "khả năng là xe này",
    "plate": "ảnh biển",
    "{percent} likely this vehicle": "khả năng {percent} là xe này",
    "seconds to the next": "số giây đến điểm sau",
    "metres to the next": "số mét đến điểm sau",
    "leg": "chặng",
    "inferred way": "đường suy đoán",
    "probability of the way": "xác suất của đường",
    "inferred, {percent}: {way}": "suy đoán, {percent}: {way}",
    "roads without a name": "đường không tên",
    "as the crow flies": "theo đường chim bay",
    "usually {time} at this hour": "thường {time} vào giờ này",
    "ordinary": "bình thường",
    "slow: it stood or went round on the way": "chậm: đã dừng hoặc đi vòng trên đường",
    "fast: quicker than the limits allow": "nhanh hơn tốc độ cho phép",
    "impossible: the plate may be false, or a reading is wrong": (
        "không thể: có thể biển giả, hoặc có lần đọc sai"
    ),
    "gap: where it was in between is not known": "khoảng trống: không biết xe ở đâu",
    "parked: a new trip begins": "xe đã đỗ: bắt đầu chuyến mới",
    "Doubtful: perhaps this vehicle, and not part of the route": (
        "Nghi vấn: có thể là xe này, không tính vào hành trình"
    ),
    "Dashed lines and what is called inferred are guesses: nobody saw the vehicle there.": (
        "Nét đứt và những gì ghi là suy đoán chỉ là phỏng đoán: không ai nhìn thấy xe ở đó."
    ),
    "INCOMPLETE: a part of the store did not answer. Stops may be lacking, and what stands between "
    "two of them may be wrong.": (
        "KHÔNG ĐẦY ĐỦ: một phần kho không trả lời. Có thể thiếu điểm, và những gì ghi giữa hai "
        "điểm có thể sai."
    ),
    "Only the newest {count} stops are here: ask for a shorter span.": (
        "Ở đây chỉ có {count} điểm mới nhất: hãy hỏi một khoảng thời gian ngắn hơn."
    ),
    "Pictures are reduced; the originals are in the evidence pack.": (
        "Ảnh đã thu nhỏ; ảnh gốc nằm trong gói bằng chứng."
    ),
    "no picture was kept": "không lưu ảnh",
    "the picture is gone or damaged": "ảnh không còn hoặc bị hỏng",
    "page {page} of {pages}": "trang {page} / {pages}",
    "Route": "Hành trình",
    "Doubtful": "Nghi vấn",
    "Question": "Câu hỏi",
    "{count} d": "{count} ngày",
    "{count} h": "{count} giờ",
    "{count} min": "{count} phút",
    "{count} s": "{count} giây",
}


class Words:
    """Says things in one language.

    Args:
        language: of a paper.
    """

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, english: str, **values: object) -> str:
        """A sentence, its `{name}`s filled in."""
        sentence = VIETNAMESE[english]  # of every sentence, so that none is forgotten
        if self.language == "en":
            sentence = english
        return sentence.format(**values)

    def distance(self, metres: float) -> str:
        """`340 m`, `1.2 km`; with a decimal comma in Vietnamese."""
        if metres < 1000:
            return f"{metres:.0f} m"
        said = f"{metres / 1000:.1f} km"
        return said.replace(".", ",") if self.language == "vi" else said

    def round_distance(self, metres: float) -> str:
        """`200 m`, `5 km`."""
        return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.0f} km"

    def duration(self, seconds: float) -> str:
        """Its two largest units: `3 min 10 s`."""
        days, rest = divmod(round(seconds), 24 * 3600)
        hours, rest = divmod(rest, 3600)
        minutes, left = divmod(rest, 60)
        units = ("{count} d", "{count} h", "{count} min", "{count} s")
        said = [
            self(u, count=c) for u, c in zip(units, (days, hours, minutes, left), strict=True) if c
        ]
        return " ".join(said[:2]) or self("{count} s", count=0)
