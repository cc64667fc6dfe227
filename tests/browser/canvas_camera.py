"""A camera made of a canvas: a picture stays before it until the phone has said something, however slow the machine is."""

from __future__ import annotations

import base64
import io

from PIL import Image
from playwright.sync_api import Page

CAMERA = """
const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
const pen = canvas.getContext("2d");
pen.fillStyle = "#707478";
pen.fillRect(0, 0, 640, 480);
const stream = canvas.captureStream(30);
setInterval(() => pen.fillRect(0, 0, 1, 1), 30);
if (navigator.mediaDevices) Object.defineProperty(navigator.mediaDevices, "getUserMedia", { value: async () => stream.clone() });
if (navigator.mediaDevices) Object.defineProperty(navigator.mediaDevices, "enumerateDevices", { value: async () => [] });
window.wall = () => pen.fillRect(0, 0, 640, 480);
window.show = async (address) => {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  pen.drawImage(picture, 0, 0);
};
window.hold = async (address) => {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const said = document.querySelector("[data-name]");
  const before = said.textContent;
  return new Promise((done) => {
    const shown = new MutationObserver(() => {
      if (said.textContent === before) return;
      shown.disconnect();
      done(performance.now() - started);
    });
    shown.observe(said, { childList: true, characterData: true, subtree: true });
    const started = performance.now();
    pen.drawImage(picture, 0, 0);
  });
};
"""


def hold(page: Page, picture: Image.Image) -> float:
    """Hold a picture before the camera until the name on the screen is another one; return the milliseconds."""
    return float(page.evaluate("address => hold(address)", _address(picture)))


def show(page: Page, picture: Image.Image) -> None:
    """Put a picture before the camera and leave it there."""
    page.evaluate("address => show(address)", _address(picture))


def _address(picture: Image.Image) -> str:
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return "data:image/png;base64," + base64.b64encode(packed.getvalue()).decode()
