"""What the keyboard can stop at, and the name by which it is read out, as the browser has it."""

from __future__ import annotations

from playwright.sync_api import Page

MARKUP = """function () {
  return this.tabIndex < 0 ? '' : (this.outerHTML || '').slice(0, 200)
}"""


def unnamed_stops(page: Page) -> list[str]:
    """Return the markup of each keyboard stop without a name in the accessibility tree."""
    chrome = page.context.new_cdp_session(page)
    chrome.send("DOM.enable")
    nodes = chrome.send("Accessibility.getFullAXTree")["nodes"]
    found = []
    for node in nodes:
        about = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
        name = node.get("name", {}).get("value", "").strip()
        if node["ignored"] or name or not about.get("focusable"):
            continue
        given = chrome.send("DOM.resolveNode", {"backendNodeId": node["backendDOMNodeId"]})
        asked = {
            "objectId": given["object"]["objectId"],
            "functionDeclaration": MARKUP,
            "returnByValue": True,
        }
        found.append(chrome.send("Runtime.callFunctionOn", asked)["result"]["value"])
    chrome.detach()
    return [markup for markup in found if markup]
