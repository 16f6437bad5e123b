package dev.rookery.store;

import dev.rookery.base.Refused;
import dev.rookery.store.Batcher.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of the commands of one batch, while it is carried out: a command is open until it
 * has one. Commands are told apart by identity. Belongs to one transaction, and is not thread-safe.
 */
public final class BatchOutcomes<C, R> {
  private final List<C> commands;
  private final Function<C, @Nullable IdempotentCommand> idempotent;
  private final Refused retry;
  private final Map<C, Outcome<R>> outcomes = new IdentityHashMap<>();
  private List<C> unanswered = List.of();

  /**
   * @param idempotent null for a command without an idempotency key
   * @param retry what a check throws if the command must be retried in the next batch
   */
  public BatchOutcomes(
      List<C> commands, Function<C, @Nullable IdempotentCommand> idempotent, Refused retry) {
    this.commands = List.copyOf(commands);
    this.idempotent = idempotent;
    this.retry = retry;
  }

  /**
   * Gives commands that were carried out before the answers they got then. Of commands with one key
   * the first is carried out; the others find its answer later.
   */
  public void answerRepeated(Transaction tx, Repeated<C, R> repeated) {
    var answers =
        IdempotentCommand.answers(
            tx, commands.stream().map(idempotent).flatMap(Stream::ofNullable).toList());
    unanswered = commands.stream().filter(one -> isUnanswered(answers, one)).toList();
    attempt(
        commands,
        command -> repeated.find(answers, command).ifPresent(result -> done(command, result)));
    var keys = new HashSet<IdempotentCommand>();
    for (C command : open()) {
      IdempotentCommand key = idempotent.apply(command);
      if (key != null && !keys.add(key)) {
        retry(command);
      }
    }
  }

  /** The commands that have no outcome yet, in the order of their arrival. */
  public List<C> open() {
    return commands.stream().filter(this::isOpen).toList();
  }

  public boolean isOpen(C command) {
    return !outcomes.containsKey(command);
  }

  /** Runs a check of each command; one that throws {@link Refused} ends with that outcome. */
  public void attempt(Collection<C> some, Consumer<C> check) {
    for (C command : some) {
      try {
        check.accept(command);
      } catch (Refused refused) {
        outcomes.put(command, refused.equals(retry) ? Outcome.retry() : Outcome.refused(refused));
      }
    }
  }

  public void done(C command, R result) {
    outcomes.put(command, Outcome.done(result));
  }

  /** The command lost a race before it changed anything. */
  public void retry(C command) {
    outcomes.put(command, Outcome.retry());
  }

  /**
   * Stores the answers to those of these commands that are done and carry an idempotency key.
   *
   * @param answer what is stored of a result; null for nothing
   * @throws Batcher.LostRace if another transaction used one of the keys meanwhile
   */
  public void remember(Transaction tx, Collection<C> some, Answer<C, R> answer) {
    var answers = new LinkedHashMap<IdempotentCommand, Object>();
    var byKey = new HashMap<IdempotentCommand, C>();
    for (C command : some) {
      IdempotentCommand key = idempotent.apply(command);
      if (key != null && outcomes.get(command) instanceof Outcome.Done<R>(var result)) {
        Object stored = answer.of(command, result);
        if (stored != null) {
          answers.put(key, stored);
          byKey.put(key, command);
        }
      }
    }
    Set<IdempotentCommand> lost = IdempotentCommand.store(tx, answers);
    if (!lost.isEmpty()) {
      var losers = new HashSet<C>();
      lost.forEach(key -> losers.add(Objects.requireNonNull(byKey.get(key))));
      throw new Batcher.LostRace(losers);
    }
  }

  private boolean isUnanswered(IdempotentCommand.Answers answers, C command) {
    IdempotentCommand key = idempotent.apply(command);
    return key != null && !answers.has(key);
  }

  /**
   * Has refused commands retried that another transaction has carried out while this one waited for
   * its locks: what refuses them may be their own effect.
   */
  private void retryAnswered(Transaction tx) {
    Map<C, IdempotentCommand> refused = new IdentityHashMap<>();
    for (C command : unanswered) {
      if (outcomes.get(command) instanceof Outcome.Rejected<R>) {
        refused.put(command, Objects.requireNonNull(idempotent.apply(command)));
      }
    }
    if (refused.isEmpty()) {
      return;
    }
    var answers = IdempotentCommand.answers(tx, refused.values());
    refused.forEach(
        (command, key) -> {
          if (answers.has(key)) {
            retry(command);
          }
        });
  }

  /**
   * The outcomes in the order of the commands; each must have one. The transaction records those
   * that are done.
   */
  public List<Outcome<R>> all(Transaction tx) {
    retryAnswered(tx);
    var all = new ArrayList<Outcome<R>>(commands.size());
    commands.forEach(command -> all.add(Objects.requireNonNull(outcomes.get(command))));
    BatchScope.report(commands, command -> outcomes.get(command) instanceof Outcome.Done<R>);
    return all;
  }

  /** Finds the result of a command that was carried out before. */
  @FunctionalInterface
  public interface Repeated<C, R> {
    Optional<R> find(IdempotentCommand.Answers answers, C command);
  }

  /** What is stored with the idempotency key of a command. */
  @FunctionalInterface
  public interface Answer<C, R> {
    @Nullable Object of(C command, R result);
  }
}
