package dev.rookery.player;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.player.Credentials.NewPlayer;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestStore;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Device ids are stored as digests, and those of earlier releases still sign in. */
final class DeviceDigestsTest {
  private static final String DEVICE = "a-device-of-ann";
  private static final String INSERT_EARLIER =
      """
      INSERT INTO player (uuid, device_id, last_seen_ms, created_ms, updated_ms)
      VALUES ($1, $2, 1, 1, 1) RETURNING id
      """;

  private final DeviceDigests digests = new DeviceDigests("a secret", List.of());

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void storesTheDigestAlone(TestStore store) {
    PlayerId ann = signIn(store, digests, DEVICE);

    assertThat(signIn(store, digests, DEVICE)).isEqualTo(ann);
    assertThat(stored(store, ann)).hasSize(3).doesNotContain(DEVICE);
    assertThat(stored(store, ann).getFirst()).hasSize(43);
    assertThat(stored(store, ann).get(1)).isEqualTo("a-de");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void signsInToAccountOfEarlierReleaseAndReplacesItsId(TestStore store) {
    PlayerId earlier = insertEarlier(store, DEVICE);

    assertThat(signIn(store, digests, DEVICE)).isEqualTo(earlier);
    assertThat(stored(store, earlier)).doesNotContain(DEVICE);
    assertThat(signIn(store, digests, DEVICE)).isEqualTo(earlier);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void signsInManyAtOnce(TestStore store) {
    PlayerId earlier = insertEarlier(store, "device-1");
    PlayerId known = signIn(store, digests, "device-2");
    var all =
        store
            .database()
            .write(
                tx ->
                    credentials(store, digests)
                        .findOrCreateByDevice(tx, Set.of("device-1", "device-2", "device-3")));

    assertThat(all).hasSize(3);
    assertThat(all.get("device-1").player()).isEqualTo(earlier);
    assertThat(all.get("device-2").player()).isEqualTo(known);
    assertThat(signIn(store, digests, "device-3")).isEqualTo(all.get("device-3").player());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void doesNotTakeADigestForADeviceId(TestStore store) {
    PlayerId ann = signIn(store, digests, DEVICE);

    assertThat(signIn(store, digests, stored(store, ann).getFirst())).isNotEqualTo(ann);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void migrationReplacesTheIdsOfEarlierReleases(TestStore store) {
    var players = List.of("one", "two", "three").stream().map(id -> insertEarlier(store, id));
    List<PlayerId> earlier = players.toList();
    var migration = new DeviceMigration(store.database(), digests, () -> false);

    migration.run();

    assertThat(earlier).allSatisfy(one -> assertThat(stored(store, one).get(2)).isNull());
    assertThat(signIn(store, digests, "two")).isEqualTo(earlier.get(1));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void keepsIdsWhileNodesOfAnEarlierReleaseAreAlive(TestStore store) {
    PlayerId earlier = insertEarlier(store, DEVICE);
    new DeviceMigration(store.database(), digests, () -> true).run();
    digests.setKeepsIds(true);

    assertThat(signIn(store, digests, DEVICE)).isEqualTo(earlier);
    assertThat(stored(store, earlier).get(2)).isEqualTo(DEVICE);
    PlayerId bob = signIn(store, digests, "the device of Bob");
    assertThat(stored(store, bob).get(2)).isEqualTo("the device of Bob");

    digests.setKeepsIds(false);
    new DeviceMigration(store.database(), digests, () -> false).run();
    assertThat(stored(store, bob).get(2)).isNull();
    assertThat(signIn(store, digests, "the device of Bob")).isEqualTo(bob);
    assertThat(signIn(store, digests, DEVICE)).isEqualTo(earlier);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void signsInWithTheDigestOfThePreviousSecret(TestStore store) {
    PlayerId ann = signIn(store, digests, DEVICE);
    String before = stored(store, ann).getFirst();
    var rotated = new DeviceDigests("another secret", List.of("a third", "a secret"));

    assertThat(signIn(store, rotated, DEVICE)).isEqualTo(ann);
    assertThat(stored(store, ann).getFirst()).isNotEqualTo(before);
    assertThat(signIn(store, new DeviceDigests("another secret", List.of()), DEVICE))
        .isEqualTo(ann);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void refusesADeviceThatAnAccountOfAnEarlierReleaseHas(TestStore store) {
    insertEarlier(store, DEVICE);
    var credentials = credentials(store, digests);
    var bob = new NewPlayer("bob@example.com", "hash", DEVICE, "Bob", false);

    Optional<Identity> created = store.database().write(tx -> credentials.create(tx, bob));
    assertThat(created).isEmpty();
    assertThat(credentials.findTaken(store.database(), "bob@example.com", DEVICE))
        .isEqualTo(new Credentials.TakenCredentials(false, true));
  }

  private static PlayerId insertEarlier(TestStore store, String device) {
    return store
        .database()
        .write(
            tx ->
                new PlayerId(tx.run(INSERT_EARLIER, "uuid " + device, device).row(0).number("id")));
  }

  private static Credentials credentials(TestStore store, DeviceDigests digests) {
    return new Credentials(store.clock(), new SeededIds(store.hashCode()), digests);
  }

  private static PlayerId signIn(TestStore store, DeviceDigests digests, String device) {
    var credentials = new Credentials(store.clock(), new SeededIds(device.hashCode()), digests);
    return store
        .database()
        .write(tx -> credentials.findOrCreateByDevice(tx, Set.of(device)))
        .get(device)
        .player();
  }

  /** Digest, hint and device id of a player. */
  private static List<String> stored(TestStore store, PlayerId player) {
    return store
        .database()
        .read(
            "SELECT device_digest, device_hint, device_id FROM player WHERE id = $1",
            player.value())
        .first(
            row ->
                Arrays.asList(
                    row.textOrNull("device_digest"),
                    row.textOrNull("device_hint"),
                    row.textOrNull("device_id")))
        .orElseThrow();
  }
}
