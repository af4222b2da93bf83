/**
 * Events as TensorBoard reads them: what a file begins with, numbers and
 * pictures of a step.
 *
 * Numbers are written as `simple_value` and pictures as `image`, which every
 * TensorBoard since the first has read, and whoever reads event files with a
 * script; beside them, where a tag is new, what it is, in the newer form.
 *
 * @module
 */
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  DataClass,
  EventSchema,
  SessionLog_SessionStatus,
  SummaryMetadataSchema,
  SummarySchema,
} from "./event_pb.ts";
import { framedRecord } from "./tf_record.ts";

/** What a value is called, and is. */
export interface Tag {
  /** Those with the same word before a slash stand together. */
  readonly name: string;
  readonly description: string;
}

/** When something was so. */
export interface EventTime {
  /** Since 1970. */
  readonly wallSeconds: number;
  /** Iterations done. */
  readonly step: number;
}

/** A picture to be shown. */
export interface TaggedPicture {
  readonly tag: Tag;
  /** px. */
  readonly width: number;
  readonly height: number;
  /** 8-bit RGB. */
  readonly png: Uint8Array;
}

/**
 * The first event of a file: which form its events have.
 *
 * @example
 * ```ts
 * import { fileHead } from "./event_record.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(new TextDecoder().decode(fileHead(0)).includes("brain.Event:2"), true);
 * ```
 */
export function fileHead(wallSeconds: number): Uint8Array {
  return eventRecord({ wallSeconds, step: 0 }, {
    what: { case: "fileVersion", value: "brain.Event:2" },
    sourceMetadata: { writer: "boxfill" },
  });
}

/**
 * Tells that all is told anew from a step on: what a reader has seen of it and
 * of later steps counts no more.
 *
 * @example
 * ```ts
 * import { restart } from "./event_record.ts";
 * import { strictEqual } from "node:assert";
 *
 * strictEqual(restart({ wallSeconds: 0, step: 7 }).length > 16, true);
 * ```
 */
export function restart(time: EventTime): Uint8Array {
  const status = SessionLog_SessionStatus.START;
  return eventRecord(time, { what: { case: "sessionLog", value: { status } } });
}

/**
 * Numbers of one step, as float32.
 *
 * @param values Descriptions count where a tag is told for the first time.
 *
 * @example
 * ```ts
 * import { scalars } from "./event_record.ts";
 * import { strictEqual } from "node:assert";
 *
 * const tag = { name: "curves/loss", description: "nats" };
 * const time = { wallSeconds: 0, step: 1 };
 * const record = scalars(time, [{ tag, value: 0.5, isFirst: true }]);
 * strictEqual(new TextDecoder().decode(record).includes("curves/loss"), true);
 * ```
 */
export function scalars(
  time: EventTime,
  values: readonly {
    readonly tag: Tag;
    readonly value: number;
    readonly isFirst: boolean;
  }[],
): Uint8Array {
  return summary(time, {
    value: values.map(({ tag, value, isFirst }) => ({
      tag: tag.name,
      ...(isFirst && { metadata: metadataOf(tag, "scalars") }),
      value: { case: "simpleValue", value },
    })),
  });
}

/** RGB, in TensorFlow's words. */
const RGB_COLORSPACE = 3;

/**
 * A picture of one step.
 *
 * @example
 * ```ts
 * import { picture } from "./event_record.ts";
 * import { strictEqual } from "node:assert";
 *
 * const tag = { name: "pictures/prediction/a", description: "" };
 * const png = Uint8Array.of(137, 80, 78, 71);
 * const time = { wallSeconds: 0, step: 1 };
 * const record = picture(time, { tag, width: 2, height: 1, png });
 * strictEqual(new TextDecoder().decode(record).includes("pictures/prediction/a"), true);
 * ```
 */
export function picture(
  time: EventTime,
  { tag, width, height, png }: TaggedPicture,
): Uint8Array {
  const colorspace = RGB_COLORSPACE;
  const image = { width, height, colorspace, encodedImageString: png };
  return summary(time, {
    value: [{
      tag: tag.name,
      metadata: metadataOf(tag, "images"),
      value: { case: "image", value: image },
    }],
  });
}

const DATA_CLASSES = {
  scalars: DataClass.SCALAR,
  images: DataClass.BLOB_SEQUENCE,
};

function metadataOf(
  { description: summaryDescription }: Tag,
  pluginName: keyof typeof DATA_CLASSES,
): MessageInitShape<typeof SummaryMetadataSchema> {
  const dataClass = DATA_CLASSES[pluginName];
  return { pluginData: { pluginName }, summaryDescription, dataClass };
}

function summary(
  time: EventTime,
  value: MessageInitShape<typeof SummarySchema>,
): Uint8Array {
  return eventRecord(time, { what: { case: "summary", value } });
}

function eventRecord(
  { wallSeconds, step }: EventTime,
  event: Pick<MessageInitShape<typeof EventSchema>, "what" | "sourceMetadata">,
): Uint8Array {
  const message = create(EventSchema, {
    ...event,
    wallTime: wallSeconds,
    step: BigInt(step),
  });
  return framedRecord(toBinary(EventSchema, message));
}
