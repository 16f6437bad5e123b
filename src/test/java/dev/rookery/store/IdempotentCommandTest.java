package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.store.Batcher.Outcome;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private static final Refused BUSY = new Refused(new Refusal.Unavailable("busy"));

  private final AtomicInteger done = new AtomicInteger();

  record Answer(long id, String text, @Nullable String none) {}

  @ParameterizedTest
  @MethodSource(STORES)
  void answersARepeatedKeyFromTheStore(TestStore store) {
    Answer first = open(store, PLAYER, "key", "open");
    Answer again = open(store, PLAYER, "key", "open");

    assertThat(again).isEqualTo(first);
    assertThat(done).hasValue(1);
    assertThat(store.published()).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void takesKeysOfOtherPlayersAndNoKeyForNoRepetition(TestStore store) {
    open(store, PLAYER, "key", "open");
    open(store, new PlayerId(8), "key", "open");
    open(store, PLAYER, null, "open");
    open(store, PLAYER, null, "open");

    assertThat(done).hasValue(4);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void rejectsAKeyOfAnotherCommand(TestStore store) {
    open(store, PLAYER, "key", "open");

    assertThatThrownBy(() -> open(store, PLAYER, "key", "send"))
        .isInstanceOf(Refused.class)
        .hasMessage("idempotency_key_reused");
    assertThat(done).hasValue(1);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void looksUpAndStoresTheAnswersOfManyCommandsTogether(TestStore store) {
    open(store, PLAYER, "key", "open");
    var known = new IdempotentCommand(PLAYER, "key", "open");
    var fresh = new IdempotentCommand(PLAYER, "other key", "open");
    var reused = new IdempotentCommand(PLAYER, "key", "send");

    store
        .database()
        .write(
            tx -> {
              var answers = IdempotentCommand.answers(tx, List.of(known, fresh, reused));
              assertThat(answers.find(known, Answer.class)).isPresent();
              assertThat(answers.find(fresh, Answer.class)).isEmpty();
              assertThat(answers.find(null, Answer.class)).isEmpty();
              assertThatThrownBy(() -> answers.find(reused, Answer.class))
                  .hasMessage("idempotency_key_reused");
              return IdempotentCommand.store(
                  tx,
                  Map.of(fresh, new Answer(5, "five", null), known, new Answer(6, "six", null)));
            });

    Answer stored =
        store
            .database()
            .write(
                tx ->
                    IdempotentCommand.answers(tx, List.of(fresh))
                        .find(fresh, Answer.class)
                        .orElseThrow());
    assertThat(stored).isEqualTo(new Answer(5, "five", null));
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void tellsWhichKeysAnotherTransactionHasUsed(TestStore store) {
    var command = new IdempotentCommand(PLAYER, "key", "open");
    var other = new IdempotentCommand(PLAYER, "other key", "open");
    var answer = new Answer(1, "one", null);
    open(store, PLAYER, "key", "open");

    Set<IdempotentCommand> lost =
        store
            .database()
            .write(tx -> IdempotentCommand.store(tx, Map.of(command, answer, other, answer)));
    assertThat(lost).containsExactly(command);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void retriesARefusedCommandThatAnotherTransactionHasCarriedOutMeanwhile(TestStore store) {
    var command = new IdempotentCommand(PLAYER, "key", "open");
    var other = new IdempotentCommand(PLAYER, "other key", "open");

    List<Outcome<Answer>> outcomes =
        store
            .database()
            .write(
                tx -> {
                  var batch =
                      new BatchOutcomes<IdempotentCommand, Answer>(
                          List.of(command, other), one -> one, BUSY);
                  batch.answerRepeated(tx, (answers, one) -> answers.find(one, Answer.class));
                  answeredByAnother(tx, command);
                  batch.attempt(
                      batch.open(),
                      _ -> {
                        throw Refused.conflict("already_open");
                      });
                  return batch.all(tx);
                });

    assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Retry.class);
    assertThat(outcomes.getLast()).isInstanceOf(Outcome.Rejected.class);
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void isBusyWhenARefusedCommandWasCarriedOutMeanwhile(TestStore store) {
    var command = new IdempotentCommand(PLAYER, "key", "open");

    assertThatThrownBy(
            () ->
                store
                    .database()
                    .write(
                        tx ->
                            IdempotentCommand.once(
                                tx,
                                command,
                                Answer.class,
                                () -> {
                                  answeredByAnother(tx, command);
                                  throw Refused.conflict("already_open");
                                })))
        .hasMessage("busy");
  }

  /** As if the transaction had waited for another one, and saw now what that one committed. */
  private static void answeredByAnother(Transaction tx, IdempotentCommand command) {
    assertThat(IdempotentCommand.store(tx, Map.of(command, new Answer(1, "one", null)))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource(STORES)
  void carriesOutOneOfManyAtOnceAndAnswersAllTheSame(TestStore store) {
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
  void forgetsAnswersAfterADay(TestStore store) {
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
  void rejectsAKeyThatIsTooLong(TestStore store) {
    assertThatThrownBy(() -> open(store, PLAYER, "k".repeat(201), "open"))
        .isInstanceOf(Refused.class);
  }

  /** As a batch does it, with one command. */
  private Answer open(TestStore store, PlayerId player, @Nullable String key, String kind) {
    var command = IdempotentCommand.of(player, key, kind);
    while (true) {
      try {
        return store.database().write(tx -> open(tx, command));
      } catch (Batcher.LostRace _) {
        // The next look finds the answer.
      }
    }
  }

  private Answer open(Transaction tx, @Nullable IdempotentCommand command) {
    List<IdempotentCommand> keyed = command == null ? List.of() : List.of(command);
    return IdempotentCommand.answers(tx, keyed)
        .find(command, Answer.class)
        .orElseGet(
            () -> {
              int id = done.incrementAndGet();
              tx.append("note:1", new NoteEvent.Noted("opened", id));
              var answer = new Answer(id, "żółw", null);
              if (command != null
                  && !IdempotentCommand.store(tx, Map.of(command, answer)).isEmpty()) {
                throw new Batcher.LostRace(Set.of(command));
              }
              return answer;
            });
  }
}
