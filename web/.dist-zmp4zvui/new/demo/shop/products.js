/**
 * What the shop sells. Prices in pence.
 *
 * @typedef Product
 * @property {string} id
 * @property {"bicycle" | "part"} kind
 * @property {string} name
 * @property {string} text
 * @property {string} codes the article's number and the one of its bar code
 * @property {string} picture
 * @property {number} price
 */

/** @type {Product[]} */
export const PRODUCTS = [
  {
    id: "canal-tourer",
    kind: "bicycle",
    name: "Canal Tourer",
    text: "Steel frame, 27 gears, rack for 35 kg. Sizes 52 to 62. Fittings by appointment on 020 3642 7900.",
    codes: "Art. 20364-27900 · EAN 5012079460108",
    picture: "touring",
    price: 154_900,
  },
  {
    id: "lock-keeper",
    kind: "bicycle",
    name: "Lock Keeper",
    text: "Town bicycle with hub gear and chain case. 13.8 kg, sizes 48 to 60.",
    codes: "Art. 20364-27911 · EAN 5012079460115",
    picture: "town",
    price: 89_900,
  },
  {
    id: "wharf-runner",
    kind: "bicycle",
    name: "Wharf Runner",
    text: "Cargo bicycle for 80 kg or two children. Try it first: Deptford, 020 7946 0106.",
    codes: "Art. 20364-27922 · EAN 5012079460122",
    picture: "cargo",
    price: 284_500,
  },
  {
    id: "dynamo-lamp",
    kind: "part",
    name: "Dynamo lamp, 80 lux",
    text: "With parking light and switch. StVZO K 1207, 6 V, 2.4 W.",
    codes: "Art. 79460-142 · EAN 4006381333931",
    picture: "lamp",
    price: 6_490,
  },
  {
    id: "saddle",
    kind: "part",
    name: "Leather saddle",
    text: "Vegetable tanned, 168 × 275 mm. Rides itself in after 500 to 800 km.",
    codes: "Art. 79460-107 · EAN 5012079461075",
    picture: "saddle",
    price: 11_000,
  },
  {
    id: "tyre",
    kind: "part",
    name: "Tyre 37-622",
    text: "700 × 35C, reflecting, 3.5 to 5 bar. 690 g.",
    codes: "Art. 37622-0101 · EAN 4026495660815",
    picture: "tyre",
    price: 2_995,
  },
  {
    id: "bag",
    kind: "part",
    name: "Pannier, 20 litres",
    text: "Waterproof cloth, sold as a pair. 32 × 42 × 17 cm.",
    codes: "Art. 79460-131 · EAN 5012079461310",
    picture: "bag",
    price: 12_950,
  },
  {
    id: "tubes",
    kind: "part",
    name: "Inner tubes, two",
    text: "28/47-622/635, valve 40 mm. Fits 700 × 28C to 47C.",
    codes: "Art. 28476-2263 · EAN 4026495115209",
    picture: "tube",
    price: 1_190,
  },
];
