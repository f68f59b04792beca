/* What the markup of pasted text says of its words: struck out, hidden, raised, bold. No build step. */
(() => {
  const STRUCK_TAGS = new Set(['S', 'STRIKE', 'DEL']);
  const UNSEEN_TAGS = new Set([
    'SCRIPT', 'STYLE', 'HEAD', 'TITLE', 'META', 'LINK', 'TEMPLATE', 'NOSCRIPT', 'OBJECT', 'IFRAME',
    'SVG', 'CANVAS', 'AUDIO', 'VIDEO', 'SELECT', 'TEXTAREA', 'DATALIST', 'XML',
  ]);
  const COMMENT_CLASSES = /(^|\s)(MsoCommentReference|msocomanchor|msocomtxt|msocomoff)(\s|$)/i;
  const STRUCK_CLASSES = /(^|\s)mso-?del(\s|$)/i;
  const TAG_STYLES = {
    B: 'BOLD', STRONG: 'BOLD', I: 'ITALIC', EM: 'ITALIC', SUP: 'SUPERSCRIPT', SUB: 'SUBSCRIPT', CODE: 'CODE',
  };

  /** The declarations of a style attribute or of a rule, `mso-` names included, which CSSOM drops. */
  function parseDeclarations(text) {
    const found = new Map();
    const bare = (text || '').replace(/\/\*[\s\S]*?(\*\/|$)/g, '').replace(/&quot;/g, '"');
    for (const part of bare.split(';')) {
      const colon = part.indexOf(':');
      if (colon > 0) {
        const value = part.slice(colon + 1).replace(/!\s*important/i, '');
        found.set(part.slice(0, colon).trim().toLowerCase(), value.trim().toLowerCase());
      }
    }
    return found;
  }

  /** What the style sheets of a pasted document say of each of its elements. */
  function readSheets(document) {
    const styles = new Map();
    for (const sheet of document.querySelectorAll('style')) {
      const text = sheet.textContent
        .replace(/\/\*[\s\S]*?\*\/|<!--|-->/g, '')
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
    const line = ['text-decoration', 'text-decoration-line', '-webkit-text-decoration'];
    const word = style.get('text-line-through');
    return (
      STRUCK_TAGS.has(element.tagName)
      || STRUCK_CLASSES.test(element.className)
      || line.some((name) => (style.get(name) || '').includes('line-through'))
      || Boolean(word && word !== 'none')
    );
  }

  function isHidden(element, style) {
    return (
      element.hasAttribute('hidden')
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
    if (isComment(element, style)) return 'comments';
    if (isHidden(element, style)) return 'hidden';
    return isStruck(element, style) ? 'struck' : null;
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
    const level = style.get('vertical-align');
    const raised = parseFloat(style.get('mso-text-raise') || '') || parseFloat(level || '') || 0;
    if (/^(super|text-top)$/.test(level || '') || raised > 0) styles.add('SUPERSCRIPT');
    if (/^(sub|text-bottom)$/.test(level || '') || raised < 0) styles.add('SUBSCRIPT');
    return styles;
  }

  window.treatmentPaste = { parseDeclarations, readSheets, whyLeftOut, addStyles };
})();
