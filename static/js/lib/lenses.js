// Which of several cameras reads codes best: the plain one at the back. Wide, macro and depth lenses do not focus where a
// letter is held. Phones name them "camera2 0, facing back", "Back Ultra Wide Camera", "Camera góc siêu rộng mặt sau" …

const BACK = /back|rear|environment|\bsau\b/i;
const FRONT = /front|user|facetime|selfie|\btrước\b/i;
const SPECIAL = /ultra|wide|rộng|macro|tele|depth|mono|infrared|\bir\b|desk view/i;

// devices: [{ deviceId, label }] → the deviceId of a better one than `current`, or null when that one will do.
export function bestLens(devices, current) {
  const rated = devices.map((device, place) => ({ ...device, place, rate: rateOf(device.label) }));
  const now = rated.find((device) => device.deviceId === current);
  if (!now || rated.length < 2) return null;
  // Of several plain ones the first by number is the main one.
  const [best] = rated.sort((one, other) => other.rate - one.rate || numberOf(one) - numberOf(other) || one.place - other.place);
  return best.rate > now.rate || (best.rate === now.rate && best.rate > 0 && numberOf(best) < numberOf(now)) ? best.deviceId : null;
}

function rateOf(label) {
  if (FRONT.test(label)) return -1;
  if (!BACK.test(label)) return 0;
  return SPECIAL.test(label) ? 1 : 2;
}

function numberOf({ label }) {
  const number = /\d+(?=\D*(?:facing|$))/.exec(label);
  return number ? Number(number[0]) : 0;
}
