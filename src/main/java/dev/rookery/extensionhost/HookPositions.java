package dev.rookery.extensionhost;

import dev.rookery.consumer.ParkedEvent;
import dev.rookery.store.Transaction;
import java.util.List;

/** How far the hooks of extensions have followed what is committed. */
public interface HookPositions {
  /** A version with hooks takes over: it begins here, or goes on where the one before it was. */
  void begin(Transaction tx, String extension);

  /** No hooks follow any more. */
  void end(Transaction tx, String extension);

  /** The changes whose hooks failed last, at most {@code max}. Blocks. */
  List<ParkedEvent> parked(String extension, int max);
}
