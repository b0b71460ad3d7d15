/// How a report's page looks.
enum PageStyle {
  static let css = """
    :root{--paper:#fff;--raised:#f6f7f9;--text:#1b1f24;--muted:#59616b;--line:#dfe3e8;--accent:#0067a3;
    --neutral:#3d5a80;--neutral-paper:#eef3f9;--good:#0b6b45;--good-paper:#e9f6ef;--caution:#7a5200;
    --caution-paper:#fdf4e0;--bad:#a8261c;--bad-paper:#fdeeec}
    @media screen and (prefers-color-scheme:dark){:root{--paper:#15181d;--raised:#1d2127;--text:#e6e8eb;--muted:#a3abb5;
    --line:#323942;--accent:#6cb8f0;--neutral:#9dbfe6;--neutral-paper:#1b2633;--good:#5fd39d;--good-paper:#14291f;
    --caution:#f0c05a;--caution-paper:#2c2413;--bad:#ff9488;--bad-paper:#341b19}}
    *{box-sizing:border-box}
    html{font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","DejaVu Sans",sans-serif;
    color:var(--text);background:var(--paper);-webkit-text-size-adjust:100%}
    body{margin:0 auto;max-width:56rem;padding:3rem 1.5rem 5rem;overflow-wrap:break-word}
    h1{font-size:2rem;line-height:1.2;letter-spacing:-.015em;font-weight:650;margin:0 0 2rem;text-wrap:balance}
    h2{font-size:1.35rem;line-height:1.3;letter-spacing:-.01em;font-weight:650;margin:0 0 1rem;text-wrap:balance}
    h3{font-size:1.05rem;line-height:1.4;font-weight:650;margin:0}
    p,ul{margin:0 0 1rem;max-width:42rem}
    ul{padding-left:1.25rem}li+li{margin-top:.35rem}
    main:focus{outline:none}
    main>section+section{margin-top:3.5rem}
    .kind{font-size:.8125rem;color:var(--muted);letter-spacing:.06em;text-transform:uppercase;margin:0 0 .5rem}
    .skip{position:absolute;left:1rem;top:-4rem;background:var(--paper);color:var(--accent);padding:.5rem 1rem;
    border-radius:.375rem}.skip:focus{top:1rem}
    :focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:.25rem}
    .banner{border-radius:.75rem;padding:1.75rem 2rem;border:1px solid var(--tone);background:var(--tone-paper)}
    .banner h2{font-size:1.625rem;margin:0 0 .75rem}
    .banner .word{display:flex;align-items:center;gap:.6rem;color:var(--tone);font-weight:650;margin:0 0 .5rem}
    .banner .icon{display:inline-flex;width:1.6rem;height:1.6rem;border-radius:50%;background:var(--tone);
    color:var(--paper);align-items:center;justify-content:center;font-size:.95rem;line-height:1;font-weight:700}
    .lead{margin-bottom:.75rem}.lead:last-child{margin-bottom:0}
    .tone-neutral{--tone:var(--neutral);--tone-paper:var(--neutral-paper)}
    .tone-good{--tone:var(--good);--tone-paper:var(--good-paper)}
    .tone-caution{--tone:var(--caution);--tone-paper:var(--caution-paper)}
    .tone-bad{--tone:var(--bad);--tone-paper:var(--bad-paper)}
    .scroll{overflow-x:auto;margin:1.5rem 0}
    table{border-collapse:collapse;font-size:.9375rem;font-variant-numeric:tabular-nums;min-width:100%}
    caption{text-align:start;color:var(--muted);font-size:.875rem;padding-bottom:.6rem}
    th,td{text-align:start;padding:.5rem 1.25rem .5rem 0;vertical-align:top;font-weight:400}
    th:last-child,td:last-child{padding-right:0}
    thead th{color:var(--muted);font-size:.8125rem;font-weight:600;border-bottom:1px solid var(--muted);vertical-align:bottom}
    tbody th,tbody td{border-bottom:1px solid var(--line)}
    thead .number,tbody .number{text-align:end;white-space:nowrap}
    td[class*=tone-],th[class*=tone-]{color:var(--tone)}
    td .icon,th .icon{font-weight:700;margin-right:.4em}
    pre{background:var(--raised);border:1px solid var(--line);border-radius:.5rem;padding:1rem 1.25rem;overflow-x:auto;
    font:.875rem/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;margin:1.5rem 0}
    figure{margin:2rem 0 2.5rem}
    figcaption p{color:var(--muted);font-size:.9375rem;margin:.25rem 0 .75rem}
    .canvas{position:relative;touch-action:pan-y;cursor:crosshair}
    .canvas svg{display:block;width:100%;height:auto;font-variant-numeric:tabular-nums}
    .canvas .narrow{display:none}
    @media(max-width:40rem){.canvas .wide{display:none}.canvas .narrow{display:block}body{padding:2rem 1rem 4rem}
    .banner{padding:1.25rem}h1{font-size:1.6rem}}
    .tip{position:absolute;top:0;left:0;pointer-events:none;background:var(--paper);border:1px solid var(--line);
    border-radius:.5rem;padding:.6rem .8rem;font-size:.8125rem;line-height:1.5;box-shadow:0 4px 16px rgb(0 0 0/.16);
    max-width:24rem;font-variant-numeric:tabular-nums;z-index:1}
    .tip[hidden]{display:none}.tip b{display:block;margin-bottom:.2rem}
    .tip i{display:flex;gap:.5rem;font-style:normal;align-items:baseline}
    .tip i span{flex:1}.tip i::before{content:"";width:.6rem;height:.6rem;border-radius:50%;background:currentColor;flex:none}
    .tip i em{font-style:normal;color:var(--text)}.tip i span{color:var(--muted)}
    .hint{font-size:.8125rem;color:var(--muted);margin:.4rem 0 .25rem;visibility:hidden}
    .canvas:hover+.hint,.canvas:focus-visible+.hint{visibility:visible}
    .spoken{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap;margin:0}
    details summary{cursor:pointer;color:var(--accent);font-size:.875rem;width:max-content;max-width:100%}
    footer{margin-top:4rem;padding-top:1.5rem;border-top:1px solid var(--line);color:var(--muted);font-size:.875rem}
    footer pre{margin-top:.5rem;color:var(--text)}
    @media(prefers-reduced-motion:no-preference){.skip{transition:top .15s}}
    @media print{body{max-width:none;padding:0}.hint,.skip,details:not([open]){display:none}
    figure,tr,.banner{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible}}
    """
}
