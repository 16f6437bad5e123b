package dev.rookery.bus;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a command carries beside its content to the transaction that carries it out: on whose behalf
 * it runs, for the audit log. Commands that its handler sends are in the same scope.
 */
public interface CommandScope {
  /** Whether a transaction of the command must still record it. */
  boolean needsRecord();

  /** A transaction that recorded it was committed. */
  void recorded();

  /** Whether the command may be carried out in one transaction with others. */
  default boolean mayShareTransaction() {
    return false;
  }

  /** The scope of the command that the calling thread carries out; null if it has none. */
  static @Nullable CommandScope current() {
    return Current.SCOPE.isBound() ? Current.SCOPE.get() : null;
  }

  /**
   * Runs the work in a scope.
   *
   * @param scope null to run it as it is
   */
  static <T> T call(@Nullable CommandScope scope, Supplier<T> work) {
    return scope == null ? work.get() : ScopedValue.where(Current.SCOPE, scope).call(work::get);
  }

  /**
   * Runs work that is no part of the change for which the calling thread is in a scope, such as
   * storing what the change will need.
   */
  static <T> T callOutside(Supplier<T> work) {
    return ScopedValue.where(Current.SCOPE, null).call(work::get);
  }

  /** Holds the value, which is nobody's to bind but this interface's. */
  final class Current {
    private static final ScopedValue<CommandScope> SCOPE = ScopedValue.newInstance();

    private Current() {}
  }
}
