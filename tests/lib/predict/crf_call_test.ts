import { deepStrictEqual, throws } from "node:assert/strict";
import { type CrfTexts, readCrfCall } from "../../../lib/predict/crf_call.ts";

const TEXTS: CrfTexts = {
  unary: "u.f32",
  labels: "21",
  bilateral: "4,67,3",
  spatial: "3,1",
  iterations: "10",
  normalise: "after",
  marginals: "q.f32",
  device: "auto",
  repeat: "1",
};

Deno.test("readCrfCall reads all options", () => {
  deepStrictEqual(readCrfCall("a.ppm", { ...TEXTS, labelsOut: "l.png" }), {
    image: "a.ppm",
    unary: "u.f32",
    labelCount: 21,
    crf: {
      appearanceWeight: 4,
      appearanceSigmaPx: 67,
      appearanceSigmaLevels: 3,
      smoothnessWeight: 3,
      smoothnessSigmaPx: 1,
      iterations: 10,
      normalisation: "after",
    },
    marginals: "q.f32",
    labelsOut: "l.png",
    device: "auto",
    repeat: 1,
  });
});

Deno.test("readCrfCall takes parts of numbers and terms left out", () => {
  const texts = { ...TEXTS, bilateral: "0,.5, 1e-1", spatial: "0.25,2." };
  const { crf, labelsOut } = readCrfCall("a.ppm", texts);
  deepStrictEqual(
    [crf.appearanceWeight, crf.appearanceSigmaPx, crf.appearanceSigmaLevels],
    [0, 0.5, 0.1],
  );
  deepStrictEqual([crf.smoothnessWeight, crf.smoothnessSigmaPx], [0.25, 2]);
  deepStrictEqual(labelsOut, null);
});

/** What each option must be, and texts that are not. */
const WRONG: readonly {
  readonly option: keyof CrfTexts;
  readonly form: string;
  readonly texts: readonly string[];
}[] = [
  {
    option: "bilateral",
    form: "W,XY,RGB, a weight of 0…1000000 and standard deviations from " +
      "0.001 in px and in levels, such as 4,67,3",
    texts: ["", "4", "4,67", "4,67,3,1", "4,67,", "4;67;3", "a,67,3", "-4,67,3"]
      .concat(
        "4,0,3",
        "4,67,0",
        "4,67,Infinity",
        "4,1e999,3",
        "1000001,67,3",
        "4,1e-300,3",
      ),
  },
  {
    option: "spatial",
    form: "W,XY, a weight of 0…1000000 and a standard deviation from 0.001 " +
      "in px, such as 3,1",
    texts: ["3", "3,1,1", "3,0", "NaN,1", "3,0x1", "3,+1", "3,0.0009"],
  },
  {
    option: "labels",
    form: "a whole number, 1…255",
    texts: ["0", "256", "2.5", "-1", "two", "", "1e2"],
  },
  {
    option: "iterations",
    form: "a whole number, 0…1000",
    texts: ["-1", "1001", "ten"],
  },
  {
    option: "normalise",
    form: "symmetric or after",
    texts: ["before", "", "Symmetric"],
  },
  {
    option: "device",
    form: "auto, cpu or gpu",
    texts: ["", "GPU"],
  },
  {
    option: "repeat",
    form: "a whole number, 1…1000",
    texts: ["0", "1001"],
  },
];

for (const { option, form, texts } of WRONG) {
  Deno.test(`readCrfCall says what --${option} must be`, () => {
    for (const text of texts) {
      throws(() => readCrfCall("a.ppm", { ...TEXTS, [option]: text }), {
        name: "RangeError",
        message: `Cannot run the dense CRF as --${option} must be ${form}: ` +
          `"${text}"`,
      });
    }
  });
}

Deno.test("readCrfCall refuses paths without a letter", () => {
  const labelsOut = "l.png";
  const refused = (image: string, texts: CrfTexts, name: string) =>
    throws(() => readCrfCall(image, texts), {
      name: "RangeError",
      message: `Cannot run the dense CRF as ${name} must be the path of a ` +
        'file: ""',
    });
  refused("", TEXTS, "<image>");
  refused("a.ppm", { ...TEXTS, unary: "" }, "--unary");
  refused("a.ppm", { ...TEXTS, marginals: "", labelsOut }, "--marginals");
  refused("a.ppm", { ...TEXTS, labelsOut: "" }, "--labels-out");
});

Deno.test("readCrfCall takes the least standard deviations", () => {
  const least = { bilateral: "4,0.001,0.001", spatial: "3,0.001" };
  deepStrictEqual(
    readCrfCall("a.ppm", { ...TEXTS, ...least }).crf.appearanceSigmaPx,
    0.001,
  );
});
