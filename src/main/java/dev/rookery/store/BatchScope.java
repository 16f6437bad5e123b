package dev.rookery.store;

import dev.rookery.bus.CommandScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The scopes of the commands of one batch, which share its transaction. Recorded are those of the
 * commands that are done: one that is refused shares the transaction too. The work of a batch is in
 * this scope, and not in that of any of its commands. Belongs to the thread that carries out the
 * batch.
 */
final class BatchScope implements CommandScope {
  private final List<Part> parts = new ArrayList<>();
  private final Set<Object> notDone = Collections.newSetFromMap(new IdentityHashMap<>());

  private record Part(Object command, CommandScope scope) {}

  /** Adds a command of the batch; they are recorded in this order. */
  void add(Object command, CommandScope scope) {
    parts.add(new Part(command, scope));
  }

  /**
   * Says which commands of the batch that the calling thread carries out are done. Those of which
   * nothing is said count as such.
   */
  static <C> void report(Collection<C> commands, Predicate<C> isDone) {
    if (CommandScope.current() instanceof BatchScope batch) {
      for (C command : commands) {
        if (isDone.test(command)) {
          batch.notDone.remove(command);
        } else {
          batch.notDone.add(command);
        }
      }
    }
  }

  /** The scopes that a transaction in this one must record. */
  static List<CommandScope> toRecord(CommandScope scope) {
    return scope instanceof BatchScope batch ? batch.toRecord() : List.of(scope);
  }

  private List<CommandScope> toRecord() {
    return parts.stream()
        .filter(part -> part.scope.needsRecord() && !notDone.contains(part.command))
        .map(Part::scope)
        .toList();
  }

  @Override
  public boolean needsRecord() {
    return parts.stream().anyMatch(part -> part.scope.needsRecord());
  }

  @Override
  public void recorded() {
    toRecord().forEach(CommandScope::recorded);
  }
}
