/* MathML of one line, as a text has it: 10⁹, CO₂, ½. No build step. */
(() => {
  const NAMESPACE = 'http://www.w3.org/1998/Math/MathML';
  const ROWS = new Set(['math', 'mrow', 'mstyle', 'mpadded', 'semantics']);
  const TOKENS = new Set(['mi', 'mn', 'mo', 'mtext', 'ms']);
  const ANNOTATIONS = new Set(['annotation', 'annotation-xml']);
  const LEVELS = { msup: ['SUPERSCRIPT'], msub: ['SUBSCRIPT'], msubsup: ['SUBSCRIPT', 'SUPERSCRIPT'] };
  const INVISIBLE = /[\u2061-\u2064]/g;
  const FRACTIONS = {
    '1/2': '½', '1/3': '⅓', '2/3': '⅔', '1/4': '¼', '3/4': '¾', '1/5': '⅕', '2/5': '⅖', '3/5': '⅗', '4/5': '⅘',
    '1/6': '⅙', '5/6': '⅚', '1/7': '⅐', '1/8': '⅛', '3/8': '⅜', '5/8': '⅝', '7/8': '⅞', '1/9': '⅑', '1/10': '⅒',
  };

  const getParts = (element) => [...element.children].filter((part) => !ANNOTATIONS.has(part.localName));
  const isSimple = (element) => /^\s*[\p{L}\p{N}.,]+\s*$/u.test(element.textContent);

  const isMath = (element) => (
    (element.namespaceURI === NAMESPACE && element.localName === 'math') || element.tagName === 'M:OMATH'
  );

  /** Whether a formula says the same in one line. */
  function isOneLine(element) {
    const name = element.localName;
    if (element.namespaceURI !== NAMESPACE) return false;
    if (TOKENS.has(name)) return element.children.length === 0;
    if (name === 'mspace') return true;
    const parts = getParts(element);
    const isKnown = ROWS.has(name)
      || (LEVELS[name] && parts.length === LEVELS[name].length + 1)
      || (name === 'mfrac' && parts.length === 2 && !/^0/.test(element.getAttribute('linethickness') || ''));
    return Boolean(isKnown) && parts.every(isOneLine);
  }

  /** Gives the pieces of a formula: words and the levels that they have. */
  function* readMath(element, styles) {
    const name = element.localName;
    const parts = getParts(element);
    if (TOKENS.has(name)) {
      const text = element.textContent.trim().replace(/\s+/g, ' ').replace(INVISIBLE, '');
      yield { text: name === 'mo' && text === '-' ? '−' : text, styles };
    } else if (name === 'mspace') {
      yield { text: ' ', styles };
    } else if (name === 'mfrac') {
      yield* readFraction(parts, styles);
    } else if (LEVELS[name]) {
      yield* readMath(parts[0], styles);
      for (const [index, level] of LEVELS[name].entries()) {
        yield* readMath(parts[index + 1], new Set([...styles, level]));
      }
    } else {
      for (const part of parts) yield* readMath(part, styles);
    }
  }

  /** A fraction is kept apart from the numbers beside it. */
  function* readFraction(parts, styles) {
    const sign = FRACTIONS[parts.map((part) => part.textContent.trim()).join('/')];
    if (sign) {
      yield { text: sign, styles };
      return;
    }
    yield { text: '', styles, isApart: true };
    for (const [index, part] of parts.entries()) {
      if (index) yield { text: '/', styles };
      if (!isSimple(part)) yield { text: '(', styles };
      yield* readMath(part, styles);
      if (!isSimple(part)) yield { text: ')', styles };
    }
    yield { text: '', styles, isApart: true };
  }

  Object.assign(window.treatmentPaste, { isMath, isOneLine, readMath });
})();
