package dev.rookery.storage;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Refused;
import dev.rookery.base.Revisions;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.cluster.RowFollower;
import dev.rookery.storage.SchemaCommand.Examination;
import dev.rookery.storage.SchemaCommand.ExamineObjects;
import dev.rookery.storage.SchemaCommand.UnfitObject;
import dev.rookery.store.Database;
import dev.rookery.store.StatementException;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Serves {@link SchemaCommand} on virtual threads, and keeps the schemas of this node as they are
 * in the database. A change is answered when the other nodes follow it too, as {@link RowFollower}
 * says. A node deploys exactly one instance, before it takes writes.
 */
public final class SchemaVerticle extends VerticleBase {
  private static final int PATTERN_MAX = 512;
  private static final String PATTERN = "pattern";

  private final Bus bus;
  private final NodeCalls calls;
  private final MeterRegistry meters;
  private final Database database;
  private final KeySchemas schemas;
  private final SchemaStore store = new SchemaStore();
  private final StorageListStore objects = new StorageListStore();

  @SuppressWarnings("NullAway.Init")
  private RowFollower rows;

  public SchemaVerticle(
      Bus bus, NodeCalls calls, Database database, KeySchemas schemas, MeterRegistry meters) {
    this.bus = bus;
    this.calls = calls;
    this.meters = meters;
    this.database = database;
    this.schemas = schemas;
  }

  @Override
  public Future<?> start() {
    rows = new RowFollower(vertx, calls, meters, "key schemas", () -> schemas.refresh(database));
    return Future.all(
        // Awaited: a value that comes first must not pass by its schema.
        rows.startWithReading(), bus.<SchemaCommand<?>>serve(SchemaCommand.ADDRESS, this::handle));
  }

  @Override
  public Future<?> stop() {
    rows.close();
    return Future.succeededFuture();
  }

  private Object handle(SchemaCommand<?> command) {
    return switch (command) {
      case SchemaCommand.ListSchemas(var collection) ->
          store.all(database).stream()
              .filter(schema -> schema.collection().equals(collection))
              .toList();
      case SchemaCommand.FindSchema(var collection, var id) -> find(collection, id);
      case SchemaCommand.FindByKey(var collection, var key) -> schemas.find(collection, key);
      case SchemaCommand.PutSchema put -> put(put);
      case SchemaCommand.DeleteSchema(var collection, var id) -> delete(collection, id);
      case SchemaCommand.CheckValue(var collection, var key, var value) ->
          schemas.problems(collection, key, json(value));
      case ExamineObjects(var collection, var id) -> examine(find(collection, id));
    };
  }

  private KeySchema find(String collection, long id) {
    return store.find(database, collection, id).orElseThrow(() -> Refused.missing("not_found"));
  }

  private static JsonObject json(String value) {
    try {
      return new JsonObject(value);
    } catch (DecodeException broken) {
      throw Refused.invalid("data", "is no JSON object");
    }
  }

  private KeySchema put(SchemaCommand.PutSchema put) {
    check(put);
    KeySchema stored;
    try {
      stored = database.write(tx -> put(tx, put));
    } catch (StatementException failed) {
      if (failed.isDuplicate()) {
        throw Refused.invalid(PATTERN, "has already been taken");
      }
      throw failed;
    }
    rows.followOnAllNodes();
    return stored;
  }

  private static void check(SchemaCommand.PutSchema put) {
    var errors = new FieldErrors().text(PATTERN, put.pattern(), 1, PATTERN_MAX);
    int star = put.pattern().indexOf('*');
    if (star >= 0 && star < put.pattern().length() - 1) {
      errors.add(PATTERN, "may have a * at its end alone");
    }
    if (put.content().getBytes(StandardCharsets.UTF_8).length > SchemaCommand.CONTENT_BYTES_MAX) {
      errors.add("schema", "is too large (max " + SchemaCommand.CONTENT_BYTES_MAX + " bytes)");
    }
    errors.refuse();
    SchemaChecker.mustBeUsable(put.content());
  }

  private KeySchema put(Transaction tx, SchemaCommand.PutSchema put) {
    store.countChange(tx);
    Long id = put.id();
    if (id == null) {
      if (store.all(tx).size() >= SchemaCommand.SCHEMAS_MAX) {
        throw Refused.conflict("too_many_schemas");
      }
      return store.insert(tx, put);
    }
    KeySchema before =
        store.find(tx, put.collection(), id).orElseThrow(() -> Refused.missing("not_found"));
    Revisions.mustBe(put.revision(), before.revision());
    return store.update(tx, id, put);
  }

  private Done delete(String collection, long id) {
    database.write(
        tx -> {
          store.countChange(tx);
          store.delete(tx, collection, id);
          return Done.DONE;
        });
    rows.followOnAllNodes();
    return Done.DONE;
  }

  private Examination examine(KeySchema schema) {
    SchemaChecker checker = SchemaChecker.of(schema.content());
    var filter = new StorageCommand.Filter(null, null, schema.prefix(), false);
    var list =
        new StorageCommand.Browse(
            schema.collection(), filter, null, false, ExamineObjects.EXAMINED_MAX);
    int examined = 0;
    int unfit = 0;
    var listed = new ArrayList<UnfitObject>();
    for (StoredObject object : objects.browse(database, list)) {
      if (schema.includes(object.name().key())) {
        examined++;
        List<SchemaProblem> problems = checker.problems(new JsonObject(object.value()));
        if (!problems.isEmpty()) {
          unfit++;
          if (listed.size() < ExamineObjects.LISTED_MAX) {
            listed.add(new UnfitObject(object.name(), problems.getFirst()));
          }
        }
      }
    }
    return new Examination(examined, unfit, listed);
  }
}
