/** How the HTML report looks: readable on screen in both themes, and on paper. Colours follow the workbench's tokens. */
export const REPORT_STYLE = `
:root{color-scheme:light dark;--bg:#fff;--tx:#14181d;--tx2:#434c57;--tx3:#57616d;--ln:#e1e4e7;--ln2:#b9c0c7;--est-tx:#0b62ac;--in:#f6f7f8;--tw:#d06a10;--est:#0f6fc0;--oth:#67727e;--crit:#c02a22;--warn:#7e5a00;--note:#3a5f9e;--ok:#12734d}
@media(prefers-color-scheme:dark){:root{--bg:#0f1215;--tx:#e9ecef;--tx2:#b2bac3;--tx3:#8b95a1;--ln:#262c33;--ln2:#454d57;--est-tx:#6db7f3;--in:#15181c;--tw:#e8892b;--est:#4ba6f0;--oth:#8f98a3;--crit:#ff7d72;--warn:#ebc04a;--note:#9db9e8;--ok:#58c99a}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--tx);font:14px/1.55 Inter,"Segoe UI",-apple-system,system-ui,"Noto Sans","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:960px;margin:0 auto;padding:40px 32px 72px}
h1{font-size:24px;line-height:1.25;letter-spacing:-.01em;margin:0 0 6px;overflow-wrap:anywhere}
h2{font-size:17px;line-height:1.3;margin:44px 0 14px;padding-top:16px;border-top:1px solid var(--ln)}
h3{font-size:14.5px;line-height:1.4;margin:0 0 4px;overflow-wrap:anywhere}
p{margin:0 0 10px;overflow-wrap:anywhere}
a{color:var(--est-tx)}
.sub,.small{color:var(--tx3);font-size:12.5px}
.verdict{border:1px solid var(--ln);border-left:5px solid var(--level);border-radius:6px;padding:16px 20px;margin:20px 0 12px;background:var(--in)}
.verdict p{font-size:18px;line-height:1.4;margin:2px 0 0;font-weight:500}
.verdict p.small{font-size:12.5px;font-weight:400;margin-top:8px}
.crit{--level:var(--crit)}.warn{--level:var(--warn)}.note{--level:var(--note)}.fine{--level:var(--ok)}.unknown{--level:var(--tx3)}
.word{color:var(--level);font-weight:600;font-size:13px}
h3 .word{display:inline-block;min-width:60px}
.facts{display:grid;grid-template-columns:repeat(4,1fr);gap:0;border:1px solid var(--ln);border-radius:6px;margin:0 0 8px;padding:0}
.facts div{padding:12px 16px;border-left:1px solid var(--ln)}
.facts div:first-child{border-left:0}
.facts dt{font-size:12px;color:var(--tx3)}
.facts dd{font-size:19px;line-height:1.3;font-weight:600;margin:0}
.facts dd small{display:block;font-size:12px;font-weight:400;color:var(--tx2)}
.finding{padding:16px 0;border-bottom:1px solid var(--ln);break-inside:avoid}
.finding:first-of-type{padding-top:0}
.finding dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:8px 0 0;font-size:12.5px;color:var(--tx2)}
.finding dt{color:var(--tx3)}.finding dd{margin:0;overflow-wrap:anywhere;min-width:0}
.finding ol{margin:0;padding-left:18px}
.passed{margin-top:20px}
code,pre,.mono{font-family:"JetBrains Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12px;font-variant-ligatures:none}
table{border-collapse:collapse;width:100%;margin:0 0 24px;font-size:12.5px;line-height:1.45}
caption{text-align:left;font-weight:600;font-size:14px;padding:0 0 6px}
th,td{text-align:left;padding:5px 12px 5px 0;border-bottom:1px solid var(--ln);vertical-align:top;overflow-wrap:anywhere}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--tx3);font-weight:500;font-size:12px;border-bottom-color:var(--ln2);overflow-wrap:normal}
thead{display:table-header-group}
th.n,td.n{text-align:right}td.n,td.s{white-space:nowrap}
tr{break-inside:avoid}
.pair th{color:var(--tx3);font-weight:400;width:240px}
.bar{display:block;width:100%;min-width:84px;height:4px;margin-top:4px}
.bar .all{fill:var(--ln)}.bar .part{fill:var(--tx3)}.bar.crit .part{fill:var(--crit)}.bar.warn .part{fill:var(--warn)}
figure{margin:0 0 22px;break-inside:avoid}
figcaption{font-weight:600;margin-bottom:8px}
.trend{width:100%;height:auto;display:block}
.trend text{font-size:11.5px;fill:var(--tx3);font-family:inherit}
.trend .grid{stroke:var(--ln)}
.trend .tw{fill:var(--tw);opacity:.8}.trend .est{fill:var(--est);opacity:.8}.trend .other{fill:var(--oth);opacity:.8}
.trend .limit{stroke:var(--crit);stroke-width:1.5}.trend .limit-word{fill:var(--crit)}
.trend .forecast{fill:none;stroke:var(--tx);stroke-width:1.5;stroke-dasharray:5 3}.trend .band{fill:var(--tx);opacity:.12}.trend .now{stroke:var(--tx3)}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:12px;color:var(--tx2);margin:6px 0 0;padding:0 0 0 52px;list-style:none}
.legend span{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}
.l-tw{background:var(--tw)}.l-est{background:var(--est)}.l-oth{background:var(--oth)}
.legend .l-fc{height:0;width:18px;border-top:2px dashed var(--tx);border-radius:0;vertical-align:middle}
.transcript{margin:0 0 22px}
.transcript h3{break-after:avoid}.transcript .small{break-after:avoid;margin-bottom:6px}
pre{background:var(--in);border:1px solid var(--ln);border-radius:5px;padding:10px 14px;margin:0;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.5;max-height:420px;overflow-y:auto;tab-size:8}
pre b{font-weight:600}
pre:focus-visible,a:focus-visible{outline:2px solid var(--est);outline-offset:2px}
.checks{columns:2;column-gap:32px;font-size:12.5px;color:var(--tx2);padding-left:18px;margin:0}
.checks li{break-inside:avoid}
footer{margin-top:48px;padding-top:12px;border-top:1px solid var(--ln)}
@media screen and (max-width:720px){main{padding:24px 16px 48px}.checks{columns:1}.scroll{overflow-x:auto}.scroll table.wide{min-width:720px}.facts{grid-template-columns:1fr 1fr}.facts div:nth-child(odd){border-left:0}.facts div:nth-child(n+3){border-top:1px solid var(--ln)}.finding dl{grid-template-columns:1fr}.pair th{width:45%}}
@media print{:root{color-scheme:light;--bg:#fff;--tx:#000;--tx2:#333;--tx3:#4a4a4a;--ln:#c8ccd0;--ln2:#888;--in:#f6f7f8;--tw:#d06a10;--est:#0f6fc0;--est-tx:#0b4f8a;--oth:#67727e;--crit:#b3201a;--warn:#7e5a00;--note:#3a5f9e;--ok:#12734d}
body{font-size:10pt}main{max-width:none;padding:0}h1{font-size:17pt}h2{font-size:13pt;break-after:avoid;margin-top:22pt}.verdict p{font-size:13pt}.verdict p.small{font-size:9pt}caption,figcaption{break-after:avoid}
table{font-size:8pt}thead th{font-size:7.5pt}th,td{padding-right:6pt}pre{font-size:7.5pt;max-height:none;overflow:visible}a{color:inherit;text-decoration:none}.bar{min-width:40pt}
.verdict,.verdict *,.trend *,.bar *,.legend span,pre{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
@page{size:A4;margin:15mm 14mm}
`;
