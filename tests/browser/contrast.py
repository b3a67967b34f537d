"""How well every text that a page shows reads on what is behind it, as WCAG 2.1 measures it."""

from __future__ import annotations

FAINT = """() => {
  const parse = (text) => {
    const parts = (text.match(/[\\d.]+/g) || []).map(Number)
    if (!parts.length || text === 'none') return null
    const scale = text.startsWith('color(') ? 255 : 1
    return [parts[0] * scale, parts[1] * scale, parts[2] * scale, parts[3] ?? 1]
  }
  const over = (top, under) =>
    [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1)
  const light = ([r, g, b]) => {
    const linear = [r, g, b].map((part) => {
      const one = part / 255
      return one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }
  const ground = (element) => {
    const chain = []
    for (let at = element; at; at = at.parentElement) chain.push(at)
    return chain.reverse().reduce((under, at) => {
      const own = parse(getComputedStyle(at).backgroundColor)
      return own && !(at instanceof SVGElement) ? over(own, under) : under
    }, [255, 255, 255, 1])
  }
  const opacity = (element) => {
    let share = 1
    for (let at = element; at; at = at.parentElement) share *= Number(getComputedStyle(at).opacity)
    return share
  }
  const isSpoken = (element) => !element.closest(
    'noscript,script,style,[role=img],[data-testid=stIconMaterial],[disabled],[aria-disabled=true],[aria-hidden=true],canvas,table'
  )
  const found = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement
    const text = node.textContent.trim()
    if (!/[\\p{L}\\p{N}]/u.test(text) || !isSpoken(element)) continue
    if (element.closest('[data-testid=stSlider]')) continue  // drawn beside the thumb it is in
    const box = element.getBoundingClientRect()
    const style = getComputedStyle(element)
    if (!box.width || !box.height || style.visibility === 'hidden') continue
    const isDrawn = element instanceof SVGElement
    if (isDrawn && !element.closest('.xtick,.ytick,.g-xtitle,.g-ytitle,.g-gtitle,.annotation')) {
      continue  // a label on a mark is on the mark's colour; tests of the palette look at those
    }
    const colour = parse(isDrawn ? style.fill : style.color)
    if (!colour || opacity(element) === 0) continue
    const behind = ground(element)
    const shown = over([...colour.slice(0, 3), colour[3] * opacity(element)], behind)
    const [dark, bright] = [light(shown), light(behind)].sort((one, other) => one - other)
    const ratio = (bright + 0.05) / (dark + 0.05)
    const size = parseFloat(style.fontSize)
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    if (ratio < (isLarge ? 3 : 4.5)) {
      found.push({
        text, ratio: Number(ratio.toFixed(2)), colour: isDrawn ? style.fill : style.color,
        ground: behind.slice(0, 3).map(Math.round).join(),
        where: element.closest('[data-testid]')?.dataset.testid || element.tagName,
      })
    }
  }
  return found
}"""
"""Run in a page: each text below 4.5 : 1 (3 : 1 where large), with its colours and place."""
