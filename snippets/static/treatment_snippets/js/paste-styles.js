/* What the markup of pasted text says of its words: struck out, hidden, raised, bold. No build step. */
(() => {
  const STRUCK_TAGS = new Set(['S', 'STRIKE', 'DEL']);
  const UNSEEN_TAGS = new Set([
    'SCRIPT', 'STYLE', 'HEAD', 'TITLE', 'META', 'LINK', 'TEMPLATE', 'NOSCRIPT', 'DATALIST', 'XML',
  ]);
  const CONTROL_TAGS = new Set(['BUTTON', 'SELECT', 'TEXTAREA', 'INPUT', 'PROGRESS', 'METER']);
  const TABLE_PARTS = new Set(['TABLE', 'TBODY', 'THEAD', 'TFOOT', 'TR', 'TD', 'TH', 'COL', 'COLGROUP', 'CAPTION']);
  const COUNTED = /^(1|decimal(-leading-zero)?|disc|circle|square|none)$/;
  const COMMENT = /\/\*[\s\S]*?(\*\/|$)/g;
  const LINES = ['text-decoration-line', '-webkit-text-decoration', '-webkit-text-decorations-in-effect'];
  /** What the browser itself reads: its parser knows escapes, shorthands and which declaration wins. */
  const STANDARD = [
    'display', 'visibility', 'opacity', 'font-size', 'font-weight', 'font-style', 'font-family', 'vertical-align',
    'list-style-type', 'position', 'top', 'float', ...LINES,
    ...['left', 'right', 'inline-start', 'inline-end'].flatMap((side) => [
      `margin-${side}`, `padding-${side}`, `border-${side}-style`, `border-${side}-width`,
    ]),
  ];
  const COMMENT_CLASSES = /(^|\s)(MsoCommentReference|msocomanchor|msocomtxt|msocomoff)(\s|$)/i;
  const STRUCK_CLASSES = /(^|\s)mso-?del(\s|$)/i;
  const TAG_STYLES = {
    B: 'BOLD', STRONG: 'BOLD', I: 'ITALIC', EM: 'ITALIC', SUP: 'SUPERSCRIPT', SUB: 'SUBSCRIPT', CODE: 'CODE',
  };

  /** The declarations of a style attribute or of a rule, `mso-` names included, which CSSOM drops. */
  function parseDeclarations(text) {
    const found = new Map();
    const plain = (text || '').replace(COMMENT, ' ');
    const { style } = document.createElement('span');
    style.cssText = plain;
    for (const part of plain.replace(/&quot;/g, '"').split(';')) {
      const colon = part.indexOf(':');
      const name = part.slice(0, colon).trim().toLowerCase();
      if (colon > 0 && !(name in style)) {
        found.set(name, part.slice(colon + 1).replace(/!\s*important/i, '').trim().toLowerCase());
      }
    }
    for (const name of STANDARD) {
      const value = style.getPropertyValue(name);
      if (value) found.set(name, value.toLowerCase());
    }
    return found;
  }

  /** What the style sheets of a pasted document say of each of its elements. */
  function readSheets(document) {
    const styles = new Map();
    for (const sheet of document.querySelectorAll('style')) {
      const text = sheet.textContent
        .replace(COMMENT, ' ')
        .replace(/<!--|-->/g, '')
        .replace(/@[^{};]*(;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})/g, '');
      for (const [, selector, declarations] of text.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
        const parsed = parseDeclarations(declarations);
        let elements = [];
        try {
          elements = document.body.querySelectorAll(selector.trim());
        } catch {
          // A selector of the other program's own.
        }
        for (const element of elements) {
          styles.set(element, new Map([...(styles.get(element) || []), ...parsed]));
        }
      }
    }
    return styles;
  }

  function isStruck(element, style) {
    const word = style.get('text-line-through');
    return (
      STRUCK_TAGS.has(element.tagName)
      || STRUCK_CLASSES.test(element.className)
      || LINES.some((name) => (style.get(name) || '').includes('line-through'))
      || Boolean(word && word !== 'none')
    );
  }

  function isHidden(element, style) {
    return (
      element.hasAttribute('hidden')
      || element.hasAttribute('popover')
      || (element.tagName === 'DIALOG' && !element.hasAttribute('open'))
      || style.get('display') === 'none'
      || /^(hidden|collapse)$/.test(style.get('visibility') || '')
      || /^(all|screen)$/.test(style.get('mso-hide') || '')
      || /^0([a-z%]*|\.0+[a-z%]*)$/.test(style.get('font-size') || '')
      || /^0(\.0+)?%?$/.test(style.get('opacity') || '')
    );
  }

  /** The words that a comment is about stay; its mark in the text and its own words do not. */
  function isComment(element, style) {
    return (
      COMMENT_CLASSES.test(element.className)
      || /^comment/.test(style.get('mso-element') || '')
      || style.get('mso-special-character') === 'comment'
    );
  }

  /** Why an element is left out, or null: one of the kinds of messages, or `unseen`. */
  function whyLeftOut(element, style) {
    if (UNSEEN_TAGS.has(element.tagName.toUpperCase())) return 'unseen';
    // The same formula again, beside its MathML; and a sound that nobody sees.
    if (element.matches('.katex-html, mjx-container:has(math) > svg, audio:not([controls])')) return 'unseen';
    if (isComment(element, style)) return 'comments';
    if (isHidden(element, style)) return 'hidden';
    if (isStruck(element, style)) return 'struck';
    return CONTROL_TAGS.has(element.tagName) ? 'controls' : null;
  }

  /** Whether words stand above the line (more than 0) or below it. In a table the same names place cells. */
  function findLevel(element, style) {
    const raised = parseFloat(style.get('mso-text-raise') || '0');
    if (raised || TABLE_PARTS.has(element.tagName)) return raised;
    const align = style.get('vertical-align') || '';
    const named = { super: 1, 'text-top': 1, sub: -1, 'text-bottom': -1 }[align] ?? (parseFloat(align) || 0);
    const isMoved = element.tagName === 'SPAN' && style.get('position') === 'relative';
    const moved = isMoved ? -parseFloat(style.get('top') || '0') : 0;
    return named || moved || 0;
  }

  /** The inline styles inside an element, by Draft.js's names. */
  function addStyles(outer, element, style) {
    const styles = new Set(outer);
    const tagStyle = TAG_STYLES[element.tagName];
    if (tagStyle) styles.add(tagStyle);
    const weight = style.get('font-weight');
    if (/^(bold|bolder|[6-9]00)$/.test(weight || '')) styles.add('BOLD');
    if (/^(normal|lighter|[1-5]00)$/.test(weight || '')) styles.delete('BOLD');
    const slant = style.get('font-style');
    if (/^(italic|oblique)/.test(slant || '')) styles.add('ITALIC');
    if (slant === 'normal') styles.delete('ITALIC');
    const level = findLevel(element, style);
    if (level > 0) styles.add('SUPERSCRIPT');
    if (level < 0) styles.add('SUBSCRIPT');
    return styles;
  }

  /** Whether a list, or an item, has letters or Roman numerals, or counts down. */
  function isCountedOtherwise(element, style) {
    const sign = style.get('list-style-type') || element.getAttribute('type') || '1';
    return !COUNTED.test(sign) || element.hasAttribute('reversed');
  }

  /** What a form field shows. */
  function readInput(input) {
    if (input.type === 'hidden') return '';
    if (input.type === 'checkbox' || input.type === 'radio') return input.checked ? '☑' : '☐';
    return input.getAttribute('value') || '';
  }

  window.treatmentPaste = {
    parseDeclarations, readSheets, whyLeftOut, findLevel, addStyles, isCountedOtherwise, readInput,
  };
})();
