"""The profile as one page that needs nothing else: no script, no request, charts drawn in place."""

from collections.abc import Mapping
from html import escape

from qianxian.standard.elements import Type, element
from qianxian.standard.faults import wordings

from .profile import ColumnProfile, Profile

TELLING = (Type.CITIZEN_NUMBER, Type.CREDIT_CODE, Type.ORGANISATION_CODE, Type.IDENTIFIER, Type.PHONE)
"""Types whose values tell one person or thing from another."""
SHOWN = {"codes": "按代码", "years": "按年份", "sizes": "按大小", "lengths": "按字数"}
STYLE = """
:root{--ink:#1c2733;--soft:#5b6876;--line:#d9e0e7;--good:#1f6f5c;--bad:#b3261e;--warn:#8a5a00;--bar:#2f6fa3;--paper:#fff;--ground:#f4f6f8}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 4rem}h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.15rem;margin:0}
p{margin:.3rem 0}.soft{color:var(--soft)}.cards{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(20rem,1fr));margin-top:1rem;align-items:start}
section.card,.sum{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:1rem}
.sum{display:flex;flex-wrap:wrap;gap:.5rem 2.5rem;margin:1rem 0}.sum b{display:block;font-size:1.5rem;font-variant-numeric:tabular-nums}
dl{display:grid;grid-template-columns:auto 1fr auto;gap:.25rem .6rem;align-items:center;margin:.6rem 0}dt,dd{margin:0}dd.n{text-align:right;font-variant-numeric:tabular-nums}
.track{height:.6rem;background:#e8edf2;border-radius:.3rem;overflow:hidden}.track i{display:block;height:100%;background:var(--good)}.track.bad i{background:var(--bad)}
table{border-collapse:collapse;width:100%;background:var(--paper);font-size:.95rem}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:.6rem}
td.fault,td.warning{white-space:nowrap}
svg{width:100%;height:auto;display:block}svg text{font-size:12px;fill:var(--ink)}.fault{color:var(--bad)}.warning{color:var(--warn)}
@media print{body{background:#fff}section.card{break-inside:avoid}}
"""


def page(profile: Profile, faults: Mapping[str, int], warnings: Mapping[str, int], title: str) -> str:
    """Return the whole page as HTML."""
    cells = sum(one.filled for one in profile.columns)
    wrong = sum(one.faults for one in profile.columns)
    valid = _percent(cells - wrong, cells)
    cards = "".join(_card(one) for one in profile.columns)
    return f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>数据质量概况 {escape(title)}</title><style>{STYLE}</style></head><body><main>
<h1>数据质量概况</h1><p class="soft">{escape(title)}　Data quality profile</p>
<div class="sum"><p><b>{profile.rows:,}</b>行 rows</p><p><b>{len(profile.columns)}</b>列 columns</p>
<p><b>{valid}</b>已填写的格有效 valid cells</p><p><b>{sum(faults.values()):,}</b>处错误 faults</p><p><b>{sum(warnings.values()):,}</b>处提示 warnings</p></div>
<h2>问题一览 What was found</h2>{_list(faults, warnings)}
<div class="cards">{cards}</div></main></body></html>"""


def _list(faults: Mapping[str, int], warnings: Mapping[str, int]) -> str:
    """Return the table of faults and warnings, the most frequent first."""
    lines = "".join(
        f'<tr><td class="{kind}">{name}</td><td>{escape(wordings()[code].sentence)}</td>'
        f'<td>{escape(wordings()[code].advice)}</td><td class="n">{count:,}</td></tr>'
        for kind, name, counts in (("fault", "错误", faults), ("warning", "提示", warnings))
        for code, count in sorted(counts.items(), key=lambda pair: -pair[1])
    )
    if not lines:
        return "<p>没有发现问题。 Nothing was found.</p>"
    head = '<tr><th scope="col">类别</th><th scope="col">问题</th><th scope="col">建议</th><th scope="col" class="n">处数</th></tr>'
    return f'<div class="scroll" tabindex="0" role="region" aria-label="问题一览"><table>{head}{lines}</table></div>'


def _card(one: ColumnProfile) -> str:
    measures = [("完整", one.filled, one.rows), ("有效", one.values, one.filled)]
    if element(one.element).type in TELLING:
        measures.append(("不重复", one.distinct, one.values))
    lines = "".join(
        f'<dt>{name}</dt><dd><div class="track"><i style="width:{100 * part / whole if whole else 0:.1f}%"></i></div></dd>'
        f'<dd class="n">{_percent(part, whole)}</dd>'
        for name, part, whole in measures
    )
    return f"""<section class="card"><h2>{escape(one.header)}</h2><p class="soft">{escape(one.name)} · {escape(one.element)}</p>
<dl>{lines}</dl><p class="soft">错误 {one.faults:,} 处，提示 {one.warnings:,} 处，不同的值 {one.distinct:,} 个</p>{_chart(one)}</section>"""


def _chart(one: ColumnProfile) -> str:
    """Return a chart of bars with its numbers beside them, so that no colour has to be read."""
    if not one.bars:
        return '<p class="soft">没有可以画的值。</p>'
    most = max(count for _, count in one.bars) or 1
    height = 22 * len(one.bars)
    bars = "".join(
        f'<text x="160" y="{22 * n + 15}" text-anchor="end">{escape(_short(name))}</text>'
        f'<rect x="168" y="{22 * n + 3}" width="{max(1.0, 140 * count / most):.1f}" height="16" rx="3" fill="#2f6fa3"/>'
        f'<text x="{174 + 140 * count / most:.1f}" y="{22 * n + 15}">{count:,}</text>'
        for n, (name, count) in enumerate(one.bars)
    )
    label = f"{one.header}{SHOWN[one.shown]}的分布"
    return f'<p class="soft">{SHOWN[one.shown]}</p><svg viewBox="0 0 380 {height}" role="img" aria-label="{escape(label)}">{bars}</svg>'


def _short(name: str) -> str:
    return name if len(name) <= 15 else name[:11] + "…"


def _percent(part: int, whole: int) -> str:
    """Return a part in hundredths, never rounded up to the whole."""
    if not whole:
        return "—"
    return "100%" if part == whole else f"{min(99.9, 100 * part / whole):.1f}%"
