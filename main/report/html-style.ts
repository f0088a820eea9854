/** How the HTML report looks: readable on screen in both themes, and on paper. Colours follow the workbench's tokens. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--bg:#fff;--tx:#14181d;--tx2:#434c57;--tx3:#57616d;--ln:#e1e4e7;--in:#f6f7f8;--tw:#d06a10;--est:#0f6fc0;--oth:#67727e;--crit:#c02a22;--warn:#7e5a00;--note:#3a5f9e;--ok:#12734d}
@media(prefers-color-scheme:dark){:root{--bg:#0f1215;--tx:#e9ecef;--tx2:#b2bac3;--tx3:#8b95a1;--ln:#22272d;--in:#15181c;--tw:#e8892b;--est:#4ba6f0;--oth:#8f98a3;--crit:#ff7d72;--warn:#ebc04a;--note:#9db9e8;--ok:#58c99a}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--tx);font:14px/1.5 Inter,"Segoe UI",-apple-system,system-ui,"Noto Sans","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:840px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:22px;line-height:1.3;margin:0 0 4px}
h2{font-size:16px;margin:36px 0 10px;padding-top:12px;border-top:1px solid var(--ln)}
h3{font-size:14px;margin:0 0 2px}
p{margin:0 0 8px}
.sub,.small{color:var(--tx3);font-size:12px}
.verdict{border:1px solid var(--ln);border-left:4px solid var(--level);border-radius:6px;padding:14px 16px;margin:18px 0;background:var(--in)}
.verdict p{font-size:17px;line-height:1.4;margin:0}
.verdict .small{margin-top:6px}
.crit{--level:var(--crit)}.warn{--level:var(--warn)}.note{--level:var(--note)}.fine{--level:var(--ok)}.unknown{--level:var(--tx3)}
.word{color:var(--level);font-weight:600;font-size:12px}
.finding{padding:12px 0;border-bottom:1px solid var(--ln);break-inside:avoid}
.finding:last-child{border-bottom:0}
.finding dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 12px;margin:6px 0 0;font-size:12px;color:var(--tx2)}
dt{color:var(--tx3)}dd{margin:0;overflow-wrap:anywhere}
ol{margin:0;padding-left:18px}
code,pre,.mono{font-family:"JetBrains Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12px;font-variant-ligatures:none}
table{border-collapse:collapse;width:100%;margin:0 0 16px;font-size:12.5px}
caption{text-align:left;font-weight:600;padding:0 0 6px}
th,td{text-align:left;padding:4px 10px 4px 0;border-bottom:1px solid var(--ln);vertical-align:top;overflow-wrap:anywhere}
th{color:var(--tx3);font-weight:500;font-size:12px}
th.n,td.n{text-align:right;white-space:nowrap}
tr{break-inside:avoid}
.pair td:first-child{color:var(--tx3);width:220px}
figure{margin:0 0 18px;break-inside:avoid}
figcaption{font-weight:600;margin-bottom:6px}
.trend{width:100%;height:auto;display:block}
.trend text{font-size:11px;fill:var(--tx3);font-family:inherit}
.trend .grid{stroke:var(--ln)}
.trend .tw{fill:var(--tw);opacity:.75}.trend .est{fill:var(--est);opacity:.75}.trend .other{fill:var(--oth);opacity:.75}
.trend .limit{stroke:var(--crit)}.trend .limit-word{fill:var(--crit)}
.trend .forecast{fill:none;stroke:var(--tx);stroke-dasharray:4 3}.trend .now{stroke:var(--tx3)}
.legend{display:flex;gap:16px;font-size:12px;color:var(--tx2);margin:4px 0 0;padding:0;list-style:none}
.legend span{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:5px}
.l-tw{background:var(--tw)}.l-est{background:var(--est)}.l-oth{background:var(--oth)}
pre{background:var(--in);border:1px solid var(--ln);border-radius:5px;padding:10px 12px;margin:6px 0 18px;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.45}
.checks{columns:2;font-size:12.5px;color:var(--tx2);padding-left:18px;margin:0}
@media(max-width:640px){.checks{columns:1}.scroll{overflow-x:auto}}
@media print{:root{color-scheme:light;--bg:#fff;--tx:#000;--tx2:#333;--tx3:#555;--ln:#bbb;--in:#f6f7f8;--tw:#d06a10;--est:#0f6fc0;--oth:#67727e;--crit:#c02a22;--warn:#7e5a00;--note:#3a5f9e;--ok:#12734d}
body{font-size:10.5pt}main{max-width:none;padding:0}h2{break-after:avoid}pre{font-size:8pt}.verdict,.tw,.est,.other,.legend span{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
@page{margin:16mm 14mm}
`;
