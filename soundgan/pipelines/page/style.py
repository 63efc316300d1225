"""How every page looks, by day and by night."""

STYLE = """
:root { color-scheme: light dark; --ground: #f6f6f4; --card: #fff; --ink: #1d1f24; --soft: #63666f;
  --line: #dcdcd8; --plain: #8a93a6; --good: #3d7fd9; --second: #9cc4f5; --bad: #d9703d;
  --mark: #c2263f; --few: #fbe4e0; --some: #fff3d4; --many: #ddf3e4; }
@media (prefers-color-scheme: dark) { :root { --ground: #14161a; --card: #1d2026; --ink: #e8e9ec;
  --soft: #9a9ea8; --line: #30343c; --plain: #6f7789; --good: #5b9bf0; --second: #2f5688;
  --bad: #e58a5c; --mark: #ff6b81; --few: #3d211d; --some: #383019; --many: #183226; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { font-size: 26px; margin: 0 0 18px; letter-spacing: -.01em; }
h2 { font-size: 17px; margin: 0 0 12px; }
h3 { font-size: 13px; margin: 8px 0 0; font-weight: 600; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis; }
p { margin: 0 0 12px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  padding: 18px 20px; margin: 0 0 16px; }
.answer p { font-size: 18px; margin: 0; }
.answer ul { margin: 10px 0 0; padding-left: 20px; color: var(--soft); }
.answer.bad { background: var(--few); } .answer.workable { background: var(--some); }
.answer.good { background: var(--many); }
.numbers { display: grid; gap: 14px 8px;
  grid-template-columns: repeat(auto-fit, minmax(112px, 1fr)); }
.numbers div { color: var(--soft); font-size: 13px; }
.numbers b { display: block; color: var(--ink); font-size: 20px; line-height: 1.25;
  font-variant-numeric: tabular-nums; white-space: nowrap; }
.cards { display: grid; gap: 18px; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); }
.cards img { width: 100%; aspect-ratio: 3 / 2; border-radius: 8px; display: block;
  background: #000; }
.cards p { display: flex; justify-content: space-between; margin: 0 0 6px; color: var(--soft);
  font-size: 13px; }
.cards label { display: block; color: var(--soft); font-size: 12px; }
audio { width: 100%; height: 32px; display: block; margin-bottom: 4px; }
.table { overflow-x: auto; max-height: 480px; overflow-y: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; vertical-align: top; padding: 4px 12px 4px 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 500; }
"""
