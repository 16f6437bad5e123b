package dev.rookery.storage;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The schemas of stored objects, for admins. */
public sealed interface SchemaCommand<R> extends Command<R> {
  String ADDRESS = "storage.schemas";

  /** The most schemas of all collections. */
  int SCHEMAS_MAX = 100;

  /** The longest schema in bytes. */
  int CONTENT_BYTES_MAX = 32 << 10;

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Lists the schemas of a collection by their patterns. */
  record ListSchemas(String collection) implements SchemaCommand<List<KeySchema>> {}

  /** Reads a schema. {@code Missing("not_found")}. */
  record FindSchema(String collection, long id) implements SchemaCommand<KeySchema> {}

  /** Finds the schema that the values of a key should fit. */
  record FindByKey(String collection, String key) implements SchemaCommand<Optional<KeySchema>> {}

  /**
   * Stores a schema; answered when all nodes use it. Invalid {@code pattern}, also if there is one
   * for it, or {@code schema} if it is no JSON Schema of the draft 2020-12 that refers to itself
   * alone. {@code Missing("not_found")}, {@code Conflict("revision_conflict")}, {@code
   * Conflict("too_many_schemas")}.
   *
   * @param id null for a new one
   * @param revision that the admin read; null for whatever it is
   */
  record PutSchema(
      String collection,
      @Nullable Long id,
      String pattern,
      String content,
      boolean enforced,
      @Nullable Long revision)
      implements SchemaCommand<KeySchema> {}

  /** Deletes a schema; succeeds if there is none. */
  record DeleteSchema(String collection, long id) implements SchemaCommand<Done> {}

  /**
   * Says why a value does not fit the schema of its key; nothing if it does, or if there is no
   * schema. Invalid {@code data} if it is no JSON object.
   */
  record CheckValue(String collection, String key, String value)
      implements SchemaCommand<List<SchemaProblem>> {}

  /**
   * Checks the stored objects that a schema is for: the newest {@value #EXAMINED_MAX} of the keys
   * that contain the beginning of its pattern. {@code Missing("not_found")}.
   */
  record ExamineObjects(String collection, long id) implements SchemaCommand<Examination> {
    public static final int EXAMINED_MAX = 1_000;
    public static final int LISTED_MAX = 50;
  }

  /**
   * What became of checking stored objects.
   *
   * @param examined how many were checked
   * @param unfit how many do not fit
   * @param listed some of these
   */
  record Examination(int examined, int unfit, List<UnfitObject> listed) {
    public Examination {
      listed = List.copyOf(listed);
    }
  }

  /** An object that does not fit the schema of its key. */
  record UnfitObject(ObjectName name, SchemaProblem problem) {}
}
