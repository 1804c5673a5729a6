"""How far the estimate of tokens is from the count of two widespread tokenizers.

    pip install rs-bpe && python -m benchmarks.tokens

`rs-bpe` carries its vocabularies with it, so nothing is fetched; only this benchmark needs
it. An estimate times `summarizer.tokens.MARGIN` must not be under the count.
"""

from __future__ import annotations

from pathlib import Path

from summarizer.tokens import MARGIN, estimate_tokens

ROOT = Path(__file__).parent.parent

SAMPLES = {
    "German": "Die Minister trafen sich in der Hafenstadt. Die Außenministerin forderte, den Kanal bis zum Wochenende "
    "wieder zu öffnen, andernfalls würden die Verhandlungen abgebrochen.",
    "Spanish": "Los ministros se reunieron en la ciudad portuaria. La ministra exigió que el canal se reabriera antes "
    "del fin de semana; de lo contrario, las negociaciones se interrumpirían.",
    "Russian": "Министры встретились в портовом городе. Министр иностранных дел потребовала открыть канал до конца "
    "недели, иначе переговоры будут прекращены.",
    "Arabic": "اجتمع الوزراء في المدينة الساحلية. وطالبت وزيرة الخارجية بإعادة فتح القناة قبل نهاية الأسبوع.",
    "Hindi": "मंत्री बंदरगाह शहर में मिले। विदेश मंत्री ने मांग की कि सप्ताह के अंत तक नहर फिर से खोली जाए।",
    "Thai": "รัฐมนตรีประชุมกันที่เมืองท่า รัฐมนตรีต่างประเทศเรียกร้องให้เปิดคลองอีกครั้งก่อนสิ้นสัปดาห์",
    "Chinese": "部长们在港口城市会面。外交部长要求在本周末之前重新开放运河，否则谈判将中止。",
    "figures": "1234567890 3.14159 2031-05-12 265 410 ",
    "links": "https://example.org/path/to/page?x=12&y=zz#top ",
    "emoji": "😀👍🏽🇩🇪 ",
    "a digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 ",
}


def ratios() -> dict[str, tuple[float, float]]:
    """By kind of text: the estimate over the counts of o200k_base and cl100k_base."""
    from rs_bpe.bpe import openai

    texts = {name: text * 5 for name, text in SAMPLES.items()}
    texts["English articles"] = _joined("examples/*/*.txt")
    texts["prompts"] = _joined("prompts/*.md")
    texts["recordings (JSON)"] = _joined("cassettes/*/*.json")
    counters = (openai.o200k_base(), openai.cl100k_base())
    found = {}
    for name, text in texts.items():
        estimate = estimate_tokens(text)
        found[name] = (estimate / counters[0].count(text), estimate / counters[1].count(text))
    return found


def _joined(pattern: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob(pattern)))


def main() -> None:
    """Print a table, a row a kind of text."""
    found = ratios()
    print("| text | estimate / o200k_base | estimate / cl100k_base |")
    print("|---|---:|---:|")
    for name, (new, old) in found.items():
        print(f"| {name} | {new:.2f} | {old:.2f} |")
    least = min(min(pair) for pair in found.values())
    print(f"\nlowest: {least:.2f}; with the margin of {MARGIN:g}: {least * MARGIN:.2f}")


if __name__ == "__main__":
    main()
