package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The promises of idempotency keys. */
final class IdempotentCommandTest {
  private static final String STORES = "dev.rookery.store.NoteEvent#stores";
  private static final PlayerId PLAYER = new PlayerId(7);

  private final AtomicInteger done = new AtomicInteger();

  record Answer(long id, String text, @Nullable String none) {}

  @ParameterizedTest
  @MethodSource(STORES)
  void aRepeatedKeyIsAnsweredFromMemory(TestStore store) {
    Answer first = open(store, PLAYER, "key", "open");
    Answer again = open(store, PLAYER, "key", "open");

    assertThat(again).isEqualTo(first);
    assertThat(done).hasValue(1);
    assertThat(store.published()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void keysOfOthersAndNoKeyAtAllAreNoRepetition(TestStore store) {
    open(store, PLAYER, "key", "open");
    open(store, new PlayerId(8), "key", "open");
    open(store, PLAYER, null, "open");
    open(store, PLAYER, null, "open");

    assertThat(done).hasValue(4);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void aKeyOfAnotherCommandIsRefused(TestStore store) {
    open(store, PLAYER, "key", "open");

    assertThatThrownBy(() -> open(store, PLAYER, "key", "send"))
        .isInstanceOf(Refused.class)
        .hasMessage("idempotency_key_reused");
    assertThat(done).hasValue(1);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void whatWasRefusedMayBeTriedAgain(TestStore store) {
    assertThatThrownBy(
            () ->
                store
                    .database()
                    .write(
                        tx ->
                            IdempotentCommand.once(
                                tx,
                                PLAYER,
                                "key",
                                "open",
                                Answer.class,
                                () -> {
                                  throw Refused.conflict("lobby_full");
                                })))
        .hasMessage("lobby_full");

    open(store, PLAYER, "key", "open");
    assertThat(done).hasValue(1);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void ofManyAtOnceOneDoesItAndAllHearTheSame(TestStore store) {
    var answers =
        IntStream.range(0, 20)
            .mapToObj(
                _ ->
                    CompletableFuture.supplyAsync(
                        () -> open(store, PLAYER, "key", "open"), Thread::startVirtualThread))
            .toList();

    Answer first = answers.getFirst().join();
    assertThat(answers).allMatch(answer -> answer.join().equals(first));
    assertThat(store.published()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void answersAreForgottenAfterADay(TestStore store) {
    open(store, PLAYER, "key", "open");
    store.clock().advance(Duration.ofHours(23));
    store.store().runMaintenanceNow();
    open(store, PLAYER, "key", "open");
    assertThat(done).hasValue(1);

    store.clock().advance(Duration.ofHours(2));
    store.store().runMaintenanceNow();
    open(store, PLAYER, "key", "open");
    assertThat(done).hasValue(2);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void aKeyThatIsTooLongIsRefused(TestStore store) {
    assertThatThrownBy(() -> open(store, PLAYER, "k".repeat(201), "open"))
        .isInstanceOf(Refused.class);
  }

  private Answer open(TestStore store, PlayerId player, @Nullable String key, String command) {
    return store
        .database()
        .write(
            tx ->
                IdempotentCommand.once(
                    tx,
                    player,
                    key,
                    command,
                    Answer.class,
                    () -> {
                      int id = done.incrementAndGet();
                      tx.append("note:1", new NoteEvent.Noted("opened", id));
                      return new Answer(id, "żółw", null);
                    }));
  }
}
