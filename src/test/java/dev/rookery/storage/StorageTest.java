package dev.rookery.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.cache.Caches;
import dev.rookery.cache.ChangeFeed;
import dev.rookery.cache.SharedCache;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.lobby.Lobbies;
import dev.rookery.player.Credentials;
import dev.rookery.player.Players;
import dev.rookery.storage.StorageCommand.ListObjects;
import dev.rookery.storage.StorageCommand.Read;
import dev.rookery.storage.StorageCommand.ReadAll;
import dev.rookery.storage.StorageCommand.Write;
import dev.rookery.storage.StoredObject.ReadAccess;
import dev.rookery.storage.StoredObject.WriteAccess;
import dev.rookery.store.LongLists;
import dev.rookery.testkit.NumberedRows;
import dev.rookery.testkit.QueryPlans;
import dev.rookery.testkit.RecordingDatabase;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestSeed;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests stored objects beyond what the key-value routes show of them. */
@ExtendWith(VertxExtension.class)
final class StorageTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final String SAVES = "saves";
  private static final ChangeFeed FOLLOWED = (_, listener) -> listener.onStart(Position.START);

  @ParameterizedTest
  @MethodSource(ALL)
  void makesAllChangesOfAWriteOrNone(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    PlayerId ann = player(store, "ann");
    var asker = new Asker(ann, false);
    List<Written> first =
        bus.ask(write(asker, put(SAVES, "a", ann, "{\"n\":1}"), put(SAVES, "b", ann, "{}")));
    assertThat(first).extracting(written -> written.name().key()).containsExactly("a", "b");

    var stale =
        new Change.Put(
            name("b", ann), "{}", "{}", null, null, new Condition.Present(Set.of("other")));
    var delete = new Change.Delete(name("a", ann), Condition.ALWAYS);
    assertThatThrownBy(() -> bus.ask(write(asker, delete, put(SAVES, "c", ann, "{}"), stale)))
        .hasMessage("version_conflict");
    List<StoredObject> found =
        bus.ask(new ReadAll(List.of(name("c", ann), name("b", ann), name("a", ann)), asker));
    assertThat(found).extracting(object -> object.name().key()).containsExactly("b", "a");
    assertThat(found.getLast().version()).isEqualTo(first.getFirst().version());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsTheTextAndNamesItByItsDigest(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    PlayerId ann = player(store, "ann");
    var asker = new Asker(ann, false);
    String text = "{ \"n\" : 1.50, \"big\":123456789012345678901234567890 }";
    String version = bus.ask(write(asker, put(SAVES, "a", ann, text))).getFirst().version();
    assertThat(bus.ask(new Read(name("a", ann), asker)).value()).isEqualTo(text);
    bus.ask(write(asker, put(SAVES, "a", ann, "{}")));
    assertThat(bus.ask(write(asker, put(SAVES, "a", ann, text))).getFirst().version())
        .isEqualTo(version);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void refusesWhatDoesNotFitAnEnforcedSchema(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    PlayerId ann = player(store, "ann");
    var asker = new Asker(ann, false);
    String schema = "{\"properties\": {\"level\": {\"type\": \"integer\"}}}";
    KeySchema stored =
        bus.ask(new SchemaCommand.PutSchema(SAVES, null, "slot.*", schema, true, null));

    assertThatThrownBy(() -> bus.ask(write(asker, put(SAVES, "slot.1", ann, "{\"level\":1.5}"))))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(((Refusal.Invalid) refused.refusal()).fields().get("data"))
                    .singleElement()
                    .asString()
                    .startsWith("does not fit the schema slot.*: /level: "));
    bus.ask(write(asker, put(SAVES, "slot.1", ann, "{\"level\":2}"), put(SAVES, "b", ann, "{}")));
    bus.ask(write(asker, put("other", "slot.1", ann, "{\"level\":\"x\"}")));

    // The one that names more of the key is used.
    bus.ask(new SchemaCommand.PutSchema(SAVES, null, "slot.1", "{}", true, null));
    bus.ask(write(asker, put(SAVES, "slot.1", ann, "{\"level\":\"x\"}")));
    var found = bus.ask(new SchemaCommand.ExamineObjects(SAVES, stored.id()));
    assertThat(found.examined()).isEqualTo(1);
    assertThat(found.unfit()).isEqualTo(1);

    var allowed =
        new SchemaCommand.PutSchema(SAVES, stored.id(), "slot.*", schema, false, stored.revision());
    bus.ask(allowed);
    bus.ask(write(asker, put(SAVES, "slot.2", ann, "{\"level\":\"x\"}")));
    assertThat(bus.ask(new SchemaCommand.CheckValue(SAVES, "slot.2", "{\"level\":\"x\"}")))
        .extracting(SchemaProblem::path)
        .containsExactly("/level");
    assertThatThrownBy(() -> bus.ask(allowed)).hasMessage("revision_conflict");
    bus.ask(new SchemaCommand.DeleteSchema(SAVES, stored.id()));
    assertThat(bus.ask(new SchemaCommand.ListSchemas(SAVES)))
        .extracting(KeySchema::pattern)
        .containsExactly("slot.1");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void listsByOwnerAndByPermission(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    PlayerId ann = player(store, "ann");
    PlayerId bob = player(store, "bob");
    for (int i = 0; i < 3; i++) {
      bus.ask(
          new Write(
              Asker.SERVER,
              List.of(
                  put("public" + i, ann, ReadAccess.EVERYBODY),
                  put("own" + i, ann, ReadAccess.OWNER),
                  put("hidden" + i, ann, ReadAccess.NOBODY)),
              false,
              null));
    }
    var annAsks = new Asker(ann, false);
    var bobAsks = new Asker(bob, false);
    assertThat(keys(bus, annAsks, ann, 0, 100))
        .containsExactly("own0", "public0", "own1", "public1", "own2", "public2");
    assertThat(keys(bus, bobAsks, ann, 0, 100)).containsExactly("public0", "public1", "public2");
    assertThat(keys(bus, Asker.SERVER, ann, 0, 100)).hasSize(9);
    List<StoredObject> page = bus.ask(new ListObjects(bobAsks, SAVES, null, 0, 2));
    assertThat(page).hasSize(2);
    assertThat(keys(bus, bobAsks, null, page.getLast().id(), 2)).containsExactly("public2");
    assertThatThrownBy(() -> bus.ask(new Read(name("hidden0", ann), annAsks)))
        .hasMessage("forbidden");
    assertThatThrownBy(() -> bus.ask(write(annAsks, put(SAVES, "public0", ann, "{}"))))
        .hasMessage("forbidden");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void answersEqualWritesAndDeletionsOfNewObjectsInOneBatch(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    Write put = write(Asker.SERVER, put(SAVES, "a", null, "{}"));
    Write delete = write(Asker.SERVER, new Change.Delete(name("a", null), Condition.ALWAYS));
    var puts = new ArrayList<Future<List<Written>>>();
    var deletions = new ArrayList<Future<List<Written>>>();
    for (int i = 0; i < 50; i++) {
      puts.add(bus.bus().ask(put));
      puts.add(bus.bus().ask(put));
      deletions.add(bus.bus().ask(delete));
    }
    for (Future<List<Written>> written : puts) {
      assertThat(TestBus.await(written).getFirst().id()).isNotNull();
    }
    for (Future<List<Written>> deleted : deletions) {
      assertThat(TestBus.await(deleted).getFirst().id()).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void losesNoUpdateWhenManyWriteTheSameObjects(TestStore store, Vertx vertx) throws Exception {
    long seed = TestSeed.of("StorageTest on " + store);
    TestBus bus = open(store, vertx);
    PlayerId ann = player(store, "ann");
    var done = new AtomicInteger();
    try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      var walks = new ArrayList<java.util.concurrent.Future<?>>();
      for (int i = 0; i < 8; i++) {
        var random = new Random(seed + i);
        walks.add(crowd.submit(() -> increment(bus, ann, random, done)));
      }
      for (java.util.concurrent.Future<?> walk : walks) {
        walk.get();
      }
    }
    int sum =
        IntStream.range(0, 3)
            .mapToObj(i -> bus.ask(new ReadAll(List.of(name("n" + i, ann)), Asker.SERVER)))
            .flatMap(List::stream)
            .mapToInt(object -> Integer.parseInt(object.value().replaceAll("\\D", "")))
            .sum();
    assertThat(sum).isEqualTo(done.get()).isPositive();
    List<StoredObject> all = bus.ask(new ListObjects(Asker.SERVER, SAVES, ann, 0, 100));
    var usage =
        store
            .database()
            .read("SELECT entries, bytes FROM storage_usage WHERE player_id = $1", ann.value())
            .row(0);
    assertThat(usage.number("entries")).isEqualTo(all.size());
    assertThat(usage.number("bytes"))
        .isEqualTo(
            all.stream()
                .mapToLong(one -> StorageRules.size(one.name(), one.value(), one.metadata()))
                .sum());
  }

  /**
   * Reads a number, and writes it plus one if it is still the same; sometimes deletes an object.
   */
  private static void increment(TestBus bus, PlayerId ann, Random random, AtomicInteger done) {
    for (int step = 0; step < 30; step++) {
      ObjectName name = name("n" + random.nextInt(3), ann);
      List<StoredObject> found = bus.ask(new ReadAll(List.of(name), Asker.SERVER));
      Condition condition =
          found.isEmpty()
              ? Condition.ABSENT
              : new Condition.Present(Set.of(found.getFirst().version()));
      int n =
          found.isEmpty() ? 0 : Integer.parseInt(found.getFirst().value().replaceAll("\\D", ""));
      var put = new Change.Put(name, "{\"n\":" + (n + 1) + "}", "{}", null, null, condition);
      var other = new Change.Delete(name("other" + random.nextInt(2), ann), Condition.ALWAYS);
      Change beside = random.nextBoolean() ? other : put(SAVES, other.name().key(), ann, "{}");
      try {
        bus.ask(new Write(Asker.SERVER, List.of(put, beside), false, null));
        done.incrementAndGet();
      } catch (Refused refused) {
        assertThat(refused).hasMessage("version_conflict");
      }
    }
  }

  private static List<String> keys(TestBus bus, Asker asker, PlayerId owner, long after, int max) {
    return bus.ask(new ListObjects(asker, SAVES, owner, after, max)).stream()
        .map(object -> object.name().key())
        .toList();
  }

  private static Write write(Asker asker, Change... changes) {
    return new Write(asker, List.of(changes), true, null);
  }

  private static Change put(String key, PlayerId owner, ReadAccess access) {
    return new Change.Put(
        name(key, owner), "{}", "{}", access, WriteAccess.NOBODY, Condition.ALWAYS);
  }

  private static Change put(String collection, String key, @Nullable PlayerId owner, String value) {
    return new Change.Put(
        new ObjectName(collection, key, owner, null), value, "{}", null, null, Condition.ALWAYS);
  }

  private static ObjectName name(String key, @Nullable PlayerId owner) {
    return new ObjectName(SAVES, key, owner, null);
  }

  private static PlayerId player(TestStore store, String device) {
    var credentials =
        new Credentials(store.clock(), new SeededIds(device.hashCode()), TestStore.DIGESTS);
    return store
        .database()
        .write(tx -> credentials.findOrCreateByDevice(tx, Set.of(device)).get(device).player());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aCachedObjectIsReadAnewAfterAWrite(TestStore store, Vertx vertx) {
    // Of what is committed, no event arrives.
    TestBus bus = open(store, new TestBus(vertx), caches(store, null), FOLLOWED);
    PlayerId ann = player(store, "ann");
    var asker = new Asker(ann, false);
    for (int n = 0; n < 3; n++) {
      String value = "{\"n\":" + n + "}";
      bus.ask(write(asker, put(SAVES, "a", ann, value)));
      assertThat(bus.ask(new Read(name("a", ann), asker)).value()).isEqualTo(value);
    }
    bus.ask(write(asker, new Change.Delete(name("a", ann), Condition.ALWAYS)));
    assertThat(bus.refusal(new Read(name("a", ann), asker)).code()).isEqualTo("not_found");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aQuestionForNobodysObjectHidesNoOtherOne(TestStore store, Vertx vertx) {
    var shared = new SharedMap();
    TestBus bus = open(store, new TestBus(vertx), caches(store, shared), FOLLOWED);
    var ann = new Asker(player(store, "ann"), false);
    bus.ask(write(Asker.SERVER, put(SAVES, "news", null, "{\"n\":1}")));
    for (long nobody : new long[] {0, -1}) {
      var name = new ObjectName(SAVES, "news", new PlayerId(nobody), new LobbyId(nobody));
      assertThat(bus.refusal(new Read(name, ann)).code()).isEqualTo("forbidden");
    }
    try (var other = new TestBus()) {
      open(store, other, caches(store, shared), FOLLOWED);
      assertThat(other.ask(new Read(name("news", null), ann)).value()).isEqualTo("{\"n\":1}");
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void findsKeysByTheirBeginningAmongAllAndByAPartAmongTheNewest(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    PlayerId ann = player(store, "ann");
    bus.ask(write(Asker.SERVER, put(SAVES, "Old.100%", ann, "{}")));
    many(store, 1, StorageCommand.KEYS_SEARCHED_MAX - 1);
    assertThat(keys(bus, "ld.", false)).containsExactly("Old.100%");

    many(store, StorageCommand.KEYS_SEARCHED_MAX, StorageCommand.KEYS_SEARCHED_MAX);

    assertThat(keys(bus, "ld.", false)).isEmpty();
    assertThat(keys(bus, "oLD.100%", false)).containsExactly("Old.100%");
    assertThat(keys(bus, "old_100", false)).isEmpty();
    assertThat(keys(bus, "ew.2500", false)).containsExactly("New.2500");
    assertThat(keys(bus, "oLD.100%", true)).isEmpty();
    var ofAnn = new StorageCommand.Filter(ann, null, "ld.", false);
    assertThat(bus.ask(new StorageCommand.Search(SAVES, ofAnn, new Page.Request(1, 10))).total())
        .isEqualTo(1);
    var database = new RecordingDatabase(store.database());
    var old = new StorageCommand.Filter(null, null, "old", false);
    assertThat(new StorageListStore().count(database, SAVES, old, 10)).isEqualTo(1);
    assertThat(QueryPlans.of(database)).contains("storage_object_key");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void looksForGlobalKeysAmongGlobalObjects(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    bus.ask(write(Asker.SERVER, put(SAVES, "Old.1", null, "{}")));
    many(store, 1, StorageCommand.KEYS_SEARCHED_MAX - 1);
    bus.ask(write(Asker.SERVER, put(SAVES, "Old.2", player(store, "ann"), "{}")));
    assertThat(keys(bus, "ld.", true)).containsExactly("Old.1");

    many(store, StorageCommand.KEYS_SEARCHED_MAX, StorageCommand.KEYS_SEARCHED_MAX);

    assertThat(keys(bus, "ld.", true)).isEmpty();
    assertThat(keys(bus, "oLD.", true)).containsExactly("Old.1");
    var database = new RecordingDatabase(store.database());
    var old = new StorageCommand.Filter(null, null, "old", true);
    assertThat(new StorageListStore().count(database, SAVES, old, 10)).isEqualTo(1);
    assertThat(QueryPlans.of(database))
        .contains("storage_object_global_key", "storage_object_global ");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void listsTheLatestUpdateFirstUnlessThereAreTooManyToSort(TestStore store, Vertx vertx) {
    TestBus bus = open(store, vertx);
    var all = new StorageCommand.Filter(null, null, null, false);
    many(store, 1, LongLists.EXACT_MAX);
    store.database().write(tx -> tx.run("UPDATE storage_object SET updated_ms = 9 WHERE id = 1"));
    Page<StoredObject> first =
        bus.ask(new StorageCommand.Search(SAVES, all, new Page.Request(1, 2)));
    assertThat(first.items()).extracting(StoredObject::id).containsExactly(1L, 10_000L);

    many(store, 10_001, 10_001);

    first = bus.ask(new StorageCommand.Search(SAVES, all, new Page.Request(1, 2)));
    assertThat(first.items()).extracting(StoredObject::id).containsExactly(10_001L, 10_000L);
    assertThat(first.total()).isEqualTo(10_001);
  }

  private static List<String> keys(TestBus bus, String part, boolean globalOnly) {
    var filter = new StorageCommand.Filter(null, null, part, globalOnly);
    List<String> found =
        bus.ask(new StorageCommand.Browse(SAVES, filter, null, false, 10)).stream()
            .map(object -> object.name().key())
            .toList();
    Page<StoredObject> page =
        bus.ask(new StorageCommand.Search(SAVES, filter, new Page.Request(1, 10)));
    assertThat(page.items()).extracting(object -> object.name().key()).isEqualTo(found);
    assertThat(page.total()).isEqualTo(found.size());
    assertThat(bus.ask(new StorageCommand.Count(SAVES, filter, 10))).isEqualTo(found.size());
    return found;
  }

  private static void many(TestStore store, long first, long last) {
    NumberedRows.insert(
        store.database(),
        first,
        last,
        """
        INSERT INTO storage_object (player_id, collection, object_key, lobby_id, value, metadata,
          version, bytes, read_access, write_access, created_ms, updated_ms)
        SELECT 0, 'saves', 'New.' || n, 0, '{}', '{}', 'v', 2, 1, 1, 1, 1 FROM number
        """);
  }

  private static Caches caches(TestStore store, @Nullable SharedCache shared) {
    return new Caches(
        true, store.clock(), 100, 1 << 20, Duration.ofMinutes(1), shared, store.meters());
  }

  /** A cache that nodes of a test share. */
  private static final class SharedMap implements SharedCache {
    private final Map<String, Buffer> values = new ConcurrentHashMap<>();

    @Override
    public Future<@Nullable Buffer> get(String key) {
      return Future.succeededFuture(values.get(key));
    }

    @Override
    public void put(String key, Buffer value, Duration maxAge) {
      values.put(key, value);
    }
  }

  private static TestBus open(TestStore store, Vertx vertx) {
    return open(
        store, new TestBus(vertx), Caches.disabled(store.clock(), store.meters()), ChangeFeed.NONE);
  }

  private static TestBus open(TestStore store, TestBus bus, Caches caches, ChangeFeed feed) {
    var settings = new StorageSettings(512, 65_536, 16_384, 1_000, 1 << 20, true, Set.of());
    var schemas = new KeySchemas();
    var alone = new NodeCalls(bus.vertx(), bus.bus(), List::of, "test");
    bus.deploy(new SchemaVerticle(bus.bus(), alone, store.database(), schemas, store.meters()));
    bus.deploy(
        new StorageVerticle(
            bus.bus(),
            store.database(),
            new Players(store.clock()),
            new Lobbies(),
            settings,
            TestClusterMember.join(store, "test").scheduler(),
            caches,
            feed,
            schemas,
            new LongLists(store.clock())));
    return bus;
  }
}
