/**
 * What a stage may import of the engine; everything else is internal.
 *
 * @module
 */
export {
  type ArtifactKind,
  type CollectionKind,
  collectionKind,
  type CompositeKind,
  compositeKind,
  isItemId,
  jsonCollectionKind,
  jsonKind,
  METRICS,
  type Parts,
  type ValueKind,
  valueKind,
} from "./artifact.ts";
export {
  type CollectionReader,
  type CollectionWriter,
  type CompositeReader,
  type CompositeWriter,
  defineStage,
  type InputOf,
  type InputSpec,
  type Isolation,
  type ListInput,
  listOf,
  optional,
  type OptionalInput,
  type ProgressDetail,
  type Sharding,
  type Stage,
  type StageContext,
  type StageDefinition,
  type ValuesOf,
  type WritersOf,
} from "./stage.ts";
