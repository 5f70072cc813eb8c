/** Layout of the HTML report; colours are custom properties. Sizes follow the design tokens, the column is that of an A4 page. */
export const layoutCss = `
*{box-sizing:border-box}
body{margin:0;background:var(--sunken);color:var(--text);font:400 13px/19px Inter,"Segoe UI",system-ui,-apple-system,"Noto Sans",sans-serif}
main{max-width:794px;margin:0 auto;padding:40px 52px 34px;background:var(--panel)}
.head,.foot{display:flex;justify-content:space-between;gap:24px;font-size:11px;line-height:14px;color:var(--text-3)}
.head{border-bottom:1px solid var(--line-strong);padding-bottom:6px}
.foot{border-top:1px solid var(--line-strong);padding-top:6px;margin-top:28px}
h1{font-size:22px;line-height:28px;font-weight:600;letter-spacing:-.01em;margin:20px 0 0}
.subtitle{margin:2px 0 0;color:var(--text-2)}
h2{font-size:18px;line-height:24px;font-weight:600;letter-spacing:-.01em;margin:26px 0 8px}
h3{font-size:14px;line-height:20px;font-weight:600;margin:18px 0 4px}
p{margin:0 0 6px}
.small,figcaption{font-size:11px;line-height:15px;color:var(--text-2);margin:4px 0 6px}
.numbers{display:grid;grid-template-columns:repeat(5,1fr);border:1px solid var(--line);margin:10px 0 4px}
.numbers>div{padding:9px 10px 8px;border-right:1px solid var(--line)}
.numbers>div:last-child{border:0}
.figure{font-size:22px;line-height:26px;font-weight:600}
.figure small{font-size:12px;line-height:1;font-weight:400;color:var(--text-2)}
.note{font-size:11px;line-height:14px;color:var(--text-3);margin-top:2px}
figure{margin:0;break-inside:avoid}
svg{display:block;width:100%;height:auto;font-family:inherit}
polyline,polygon,path{stroke-linejoin:round}
table{width:100%;border-collapse:collapse;font-size:12px;line-height:16px}
thead{display:table-header-group}
th{background:var(--sunken);color:var(--text-2);font-size:11px;font-weight:500;text-align:left}
th,td{padding:3px 6px;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
tr{break-inside:avoid}
.num{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.keep{white-space:nowrap}
td.strong{font-weight:600}
.grey td{font-weight:400;color:var(--text-3)}
dl{display:grid;gap:3px 12px;margin:4px 0 8px;font-size:12px;line-height:17px}
.facts{grid-template-columns:140px 1fr}
.terms{grid-template-columns:78px 1fr}
dt{color:var(--text-2)}
dd{margin:0;overflow-wrap:anywhere}
.terms dt{font-weight:600}
.terms .kept{color:var(--success)}
.terms .broken{color:var(--error)}
.terms .unknown{color:var(--text-3)}
h2,h3{break-after:avoid}
@media print{body{background:none;-webkit-print-color-adjust:exact;print-color-adjust:exact}main{max-width:none;padding:0}.head,.foot{display:none}}
@media (max-width:640px){main{padding:20px 16px}.numbers{grid-template-columns:1fr 1fr}.facts,.terms{grid-template-columns:1fr}}
`.replaceAll('\n', '');
