package dev.rookery.storage;

import dev.rookery.base.Refused;
import dev.rookery.store.Reader;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The schemas that this node knows. They are as the rows were at the last {@link #refresh}; looking
 * for one costs nothing where there are none.
 */
public final class KeySchemas {
  private static final Logger LOG = LoggerFactory.getLogger(KeySchemas.class);
  private static final int NAMED_MAX = 3;

  private final SchemaStore store = new SchemaStore();
  private volatile State state = new State(-1, List.of());

  /** A schema that is ready to check values. */
  private record Ready(KeySchema schema, SchemaChecker checker) {}

  /**
   * @param ready the most precise first
   */
  private record State(long changes, List<Ready> ready) {}

  /** Reads the rows again if one has changed. */
  void refresh(Reader reader) {
    long changes = store.changes(reader);
    if (changes == state.changes) {
      return;
    }
    var ready = new ArrayList<Ready>();
    for (KeySchema schema : store.all(reader)) {
      try {
        ready.add(new Ready(schema, SchemaChecker.of(schema.content())));
      } catch (RuntimeException unusable) {
        // Another release stored it. Values are better unchecked than not served.
        LOG.warn("the schema {} cannot be used: {}", schema.pattern(), unusable.toString());
      }
    }
    ready.sort(Comparator.comparingInt((Ready one) -> one.schema.precision()).reversed());
    state = new State(changes, List.copyOf(ready));
  }

  private Optional<Ready> ready(String collection, String key) {
    for (Ready one : state.ready) {
      if (one.schema.collection().equals(collection) && one.schema.includes(key)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /** The schema that the values of a key should fit. */
  Optional<KeySchema> find(String collection, String key) {
    return ready(collection, key).map(Ready::schema);
  }

  /** Why a value does not fit the schema of its key. */
  List<SchemaProblem> problems(String collection, String key, JsonObject value) {
    return ready(collection, key).map(one -> one.checker.problems(value)).orElse(List.of());
  }

  /** Refuses a value that does not fit an enforced schema; the error names where. */
  void mustFit(ObjectName name, String value) {
    if (state.ready.isEmpty()) {
      return;
    }
    Ready found = ready(name.collection(), name.key()).orElse(null);
    if (found == null || !found.schema.enforced()) {
      return;
    }
    List<SchemaProblem> problems = found.checker.problems(new JsonObject(value));
    if (!problems.isEmpty()) {
      throw Refused.invalid(
          "data",
          problems.stream()
              .limit(NAMED_MAX)
              .map(SchemaProblem::toString)
              .collect(
                  Collectors.joining(
                      "; ", "does not fit the schema " + found.schema.pattern() + ": ", "")));
    }
  }
}
