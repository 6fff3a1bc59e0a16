/**
 * The one stylesheet of every page, inline and named by its hash: light and dark as the reader's machine says, from
 * 320 px on. Colours only repeat what marks and words say; each has a contrast of 4.5 to its ground (WCAG 2.2, 1.4.3).
 */
export const STYLE = `
:root{color-scheme:light dark;--ground:#fff;--raised:#f4f6f8;--ink:#1b2127;--soft:#515c68;--line:#c9d0d8;--link:#0b57c2;
--error:#b3161b;--warning:#855000;--ok:#17692f;--none:#515c68}
@media (prefers-color-scheme:dark){:root{--ground:#14181d;--raised:#1e242b;--ink:#e8ecf0;--soft:#a6b0bb;--line:#3b4550;
--link:#8ab8ff;--error:#ff8f8a;--warning:#f2bd57;--ok:#7fd493;--none:#a6b0bb}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header,main{max-width:80rem;margin:0 auto;padding:.75rem 1rem}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;align-items:baseline;border-bottom:1px solid var(--line)}
header form{margin:0 0 0 auto}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.15rem;margin:1.75rem 0 .5rem}
h3{font-size:1rem;margin:1rem 0 .25rem}
p{margin:.5rem 0;max-width:70ch}
a{color:var(--link)}
a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible,[tabindex]:focus-visible{
outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-100vw}.skip:focus{left:1rem;top:.5rem;background:var(--ground);padding:.5rem}
.error{color:var(--error)}.warning{color:var(--warning)}.ok{color:var(--ok)}.none,.soft{color:var(--soft)}
.mark{display:inline-block;min-width:1.25em;font-weight:700;text-align:center}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(17rem,100%),1fr));gap:.75rem;padding:0;list-style:none}
.card{background:var(--raised);border:1px solid var(--line);border-left:.4rem solid;border-radius:.25rem;padding:.5rem .9rem}
.card>*{color:var(--ink)}.card h2,.card h3{margin:.1rem 0}.card p{margin:.2rem 0}
.card ol{list-style:none;margin:.4rem 0;padding:0}.card li{padding:.35rem 0;border-top:1px solid var(--line)}
.wide{overflow-x:auto}.when,time{white-space:nowrap}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600}
form a{padding:.5rem 0}
form{display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:end;margin:.75rem 0}
label{display:grid;flex:1 1 9rem;gap:.15rem;font-size:.875rem;color:var(--soft)}
input,select,button,.button{font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--soft);border-radius:.25rem;
padding:.4rem .6rem;min-height:2.5rem;max-width:100%}
label>*{width:100%;min-width:0}
button,.button{background:var(--raised);font-weight:600;cursor:pointer;text-decoration:none;display:inline-block}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}
pre{white-space:pre-wrap;background:var(--raised);padding:.6rem;border-radius:.25rem}
dl{display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:.25rem 1rem}dt{color:var(--soft)}dd{margin:0}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;margin:0;list-style:none}
svg{display:block;width:100%;min-width:60rem;height:auto;fill:currentColor}
svg text{fill:var(--ink);font:12px system-ui,sans-serif}svg .line{stroke:var(--line);fill:none}
@media (min-width:60rem){table.stacks td,table.stacks th{min-width:6.5rem}table.stacks .whose{min-width:16.5rem}table.stacks .unit{display:none}}
@media screen and (max-width:60rem){table.stacks thead{position:absolute;left:-300vw}table.stacks tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--line)}
table.stacks td,table.stacks th{display:block;border:0;padding:.1rem 0}dl{grid-template-columns:1fr}dd{margin:0 0 .4rem}}
@media print{header form,.skip,main form,nav{display:none}svg{min-width:0}table.stacks{font-size:.75rem}
table.stacks thead th{overflow-wrap:normal}table.stacks td{min-width:4rem}table.stacks tbody th{min-width:9rem}table.stacks .whose{min-width:8rem}table.stacks .unit{display:none}}
`;
