/* The signs of fonts that draw other signs than the letters that stand in the text. No build step. */
(() => {
  const FIRST = 0x20;
  const PRIVATE = 0xf000;
  const ANY_PRIVATE = /[\ue000-\uf8ff]/;
  /** The encoding of the font Symbol from 0x20 and from 0xA0; a space stands where no sign is known. */
  const LOW = ' !∀#∃%&∋()∗+,−./0123456789:;<=>?'
    + '≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_'
    + ' αβχδεφγηιϕκλµνοπθρστυϖωξψζ{|}∼ ';
  const HIGH = '€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵'
    + 'ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓'
    + '◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ ⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭ ';
  const SYMBOL = [...LOW, ...' '.repeat(0xa0 - 0x80), ...HIGH];
  const PICTURES = /^(wingdings|webdings|zapf ?dingbats|itc zapf dingbats|marlett|mt extra|monotype sorts)/;
  const NAMES = ['mso-symbol-font-family', 'font-family'];

  /** The font of signs inside an element: `symbol`, `pictures`, or undefined. */
  function findSignFont(outer, element, style) {
    const given = NAMES.map((name) => style.get(name)).find(Boolean) || element.getAttribute('face');
    if (!given) return outer;
    const family = given.toLowerCase().split(',')[0].replace(/["']/g, '').trim();
    if (/^symbol(mt)?$/.test(family)) return 'symbol';
    return PICTURES.test(family) ? 'pictures' : undefined;
  }

  /** What a sign of a font means: the sign itself where the font has none of its own, '' where nobody knows. */
  function readSign(sign, font) {
    if (/\s/.test(sign)) return sign;
    const code = sign.codePointAt(0);
    const place = code > PRIVATE && code <= PRIVATE + 0xff ? code - PRIVATE : code;
    const isOwn = place >= FIRST && place <= 0xff;
    if (font === 'symbol' && isOwn) return SYMBOL[place - FIRST].trim();
    return ANY_PRIVATE.test(sign) || (font === 'pictures' && isOwn) ? '' : sign;
  }

  /** Reads a text in a font: with spaces for unknown signs, and whether it has any. */
  function readSigns(text, font) {
    if (!font && !ANY_PRIVATE.test(text)) return { text, hasUnknown: false };
    const signs = [...text].map((sign) => readSign(sign, font));
    return { text: signs.map((sign) => sign || ' ').join(''), hasUnknown: signs.includes('') };
  }

  Object.assign(window.treatmentPaste, { findSignFont, readSigns });
})();
