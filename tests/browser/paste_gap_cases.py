"""What a browser draws apart in what is pasted, without a space between."""

from __future__ import annotations

#: Name → pasted HTML, the lines that stay, and what was left out.
CASES = {
    "columns of a flex or grid container": (
        "<div style='display:flex'><span>7</span><span>8</span></div><div style='display:inline-grid'><b>9</b>10<i>11</i>"
        "</div><style>.x{display:flex}</style><p class=x>a<span hidden>b</span><span>c</span><s>d</s><span>e</span></p>"
        "<p style='display:flex'><span style='display:contents'><span>1</span><span>2</span></span>3</p>",
        ["7 8", "*9* 10/ 11/", "a c e", "1 2 3"],
        {"hidden": ["b"], "struck": ["d"]},
    ),
    "words in columns of columns": (
        "<p style='display:flex'><span>5<b>6</b></span><span>tum<b>our</b></span></p>",
        ["5*6* tum*our*"],
        {},
    ),
    "boxes in a line": (
        "<p><span style='display:inline-block;width:40px'>5</span><span style='display:inline-block'>6</span>"
        "<span style='display:inline-flex'>7</span><span style='display:inline-table'>8</span>"
        "<span style='display:inline-grid'>9</span><span style='display:-webkit-inline-box'>10</span>11</p>",
        ["5 6 7 8 9 10 11"],
        {},
    ),
    "numbers and sentences beside boxes": (
        "<p>Dose 10.<span style='display:inline-block'>5 mg</span>. (<span style='display:inline-block'>a</span>), 10"
        "<span style='display:inline-block'>.5</span> 3<span style='display:inline-block'>\u22125</span>"
        "<span style='display:inline-block'>%</span> <span style='display:inline-block'>x</span>/L</p>",
        ["Dose 10. 5 mg. (a), 10 .5 3 \u22125% x/L"],
        {},
    ),
    "ruby and quotes": (
        "<p><ruby>5<rt>6</rt></ruby>7 <ruby>a<rp>(</rp><rt>b</rt><rp>)</rp></ruby> 8<q>9</q>10</p>",
        ["5 6 7 a(b) 8 9 10"],
        {},
    ),
    "pictures of all kinds": (
        "<p>5<svg><text>x</text></svg>6<canvas>x</canvas>7<video>x</video>8<object>x</object>9<iframe></iframe>10"
        "<audio controls>x</audio>11<embed>12</p>",
        ["5 6 7 8 9 10 11 12"],
        {"pictures": []},
    ),
    "pictures that nobody sees": (
        "<p>5<svg style='display:none'><text>x</text></svg>6<audio>x</audio>7<img hidden>8</p>",
        ["5678"],
        {},
    ),
    "a formula that is drawn again": (
        "<p><mjx-container><svg></svg><mjx-assistive-mml><math><mn>5</mn></math></mjx-assistive-mml></mjx-container></p>",
        ["5"],
        {},
    ),
    "rows without their table": (
        "<tr><td>5</td><td>6</td></tr><tr><td>7</td><td>8</td></tr>",
        ["5 · 6", "7 · 8"],
        {"tables": []},
    ),
    "rows without their table, among other text": (
        "<meta charset=utf-8><style>td{color:red}</style><!--StartFragment--><div>a<tbody><tr title='>'><td>5<td>6"
        "<tr style='display:none'><td>x<td>y<tr><td>7<table><tr><td>8</table><td>9</td></tr></tbody> b</div>"
        "<td>10</td> <td>11</td><p>c</p><tr><td>d</td></tr><tr><td>e</td></tr><table><tr><td>12<td>13</table></td>f",
        ["a", "5 · 6", "7; 8 · 9", "b", "10 · 11", "c", "d", "e", "12 · 13", "f"],
        {"hidden": ["x", "y"], "tables": []},
    ),
    "rows beside tags that do not end": (
        "<tr><td title=5\">5</td><td title = 'a>'>6</td></tr><!-- <td>x</td><script>",
        ["5 · 6"],
        {"tables": []},
    ),
    "what is moved away": (
        "<p>5<span style='float:right'>6</span>7<span style='position:absolute'>8</span>9 "
        "<span style='float:left'>T</span>he 10<sup style='position:absolute'>9</sup></p>",
        ["5 6 7 8 9 The 10^(9)"],
        {},
    ),
    "margins, paddings and lines": (
        "<p>5<span style='margin-left:1em'>6</span>7<span style='padding:0 4pt'>8</span>9"
        "<span style='border-right:1px solid'>10</span>11<span style='margin-inline-start:1ch'>12</span><span style='margin-left:calc(1em + 2px)'>13</span></p>"
        "<p>1<span style='margin:0px;padding:1px;border:0 solid;float:none;position:static;display:inline!important'>2"
        "</span>3<span style='border:none'>4</span></p>",
        ["5 67 8 910 11 12 13", "1234"],
        {},
    ),
    "words that are invisible but take their place": (
        "<p>5<span style='visibility:hidden'>6</span>7<span style='opacity:0'>8</span>9</p>",
        ["5 7 9"],
        {"hidden": ["6", "8"]},
    ),
    "lines and pictures that are struck": (
        "<div>5<del><p>6</p></del>7</div><p>8<img><del>9</del>10 <s>11<br>12</s></p>",
        ["5 7", "8 10"],
        {"struck": ["6", "9", "11", "12"], "pictures": []},
    ),
    "a sentence that only struck words kept apart": (
        "<p>Take 5.<del> Or </del>10 mg, 5<del> to</del>-10 mg</p>",
        ["Take 5. 10 mg, 5-10 mg"],
        {"struck": ["Or", "to"]},
    ),
    "bars": (
        "<p>5<progress value=.7>70%</progress>6<meter value=.8>80%</meter>7</p>",
        ["5 6 7"],
        {"controls": ["70%", "80%"]},
    ),
    "form parts": (
        "<fieldset><legend>5</legend>6</fieldset><dl><dt>7<dd>8</dl><dialog open>9</dialog><search>10</search>11",
        ["5", "6", "7", "8", "9", "10", "11"],
        {},
    ),
    "neighbors that are hidden": (
        "<p>a<span hidden>50</span><span hidden>500</span> <b hidden>5</b> <b hidden>6</b></p>"
        "<div hidden>7<br>8<p style='display:flex'><span>9</span><span>10</span></p>11<img>12</div>",
        ["a"],
        {"hidden": ["50", "500", "5", "6", "7", "8", "9", "10", "11", "12"]},
    ),
    "neighbors that are struck": (
        "<p>a <s>50</s> <s>500</s><s>b</s><s> </s><s>c</s></p>",
        ["a"],
        {"struck": ["50 500b c"]},
    ),
}
