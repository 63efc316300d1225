"""How the report page looks besides what all pages share: bars and histograms."""

from __future__ import annotations

from soundgan.pipelines.page.style import STYLE as SHARED

STYLE = (
    SHARED
    + """
.bars { display: grid; gap: 5px 12px; align-items: center;
  grid-template-columns: minmax(60px, max-content) minmax(80px, 1fr) max-content
    minmax(0, max-content); }
.bars .name { max-width: 220px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bars .track { display: flex; height: 13px; background: var(--ground); border-radius: 4px;
  overflow: hidden; }
.bars i { display: block; min-width: 1px; } .bars i[style="width:0.00%"] { display: none; }
i.plain { background: var(--plain); } i.good { background: var(--good); }
i.bad { background: var(--bad); } i.second { background: var(--second); }
.bars .count { text-align: right; font-variant-numeric: tabular-nums; }
.bars .note { color: var(--soft); font-size: 13px; }
.charts { display: grid; gap: 18px 28px;
  grid-template-columns: repeat(auto-fit, minmax(320px, 1fr)); }
figure { margin: 0; } figcaption { color: var(--soft); font-size: 13px; margin: 0 0 6px; }
figure .bars + figcaption { margin-top: 14px; }
svg { width: 100%; height: auto; display: block; }
svg rect { fill: var(--good); } svg .axis { stroke: var(--line); }
svg text { fill: var(--soft); font-size: 11px; } svg line.mark { stroke: var(--mark); }
svg text.mark { fill: var(--mark); } svg text.mark, svg text.most { paint-order: stroke;
  stroke: var(--card); stroke-width: 4px; }
code { font: inherit; white-space: nowrap; } h4 { font-size: 13px; margin: 14px 0 6px; }
.same { font-size: 18px; margin: 0; } section > ul { margin: 0; padding-left: 20px; }
.numbers { grid-template-columns: repeat(auto-fit, minmax(124px, 1fr)); }
td:nth-child(2) { white-space: nowrap; } tr.chosen td { font-weight: 700; }
"""
)
