package dev.rookery.extension;

import org.jspecify.annotations.Nullable;

/** Work that runs under a lock. */
@FunctionalInterface
public interface LockedWork<T extends @Nullable Object, E extends Exception> {
  T run() throws E;
}
