package dev.rookery.extensionhost;

import dev.rookery.base.Page;
import dev.rookery.base.Refused;
import dev.rookery.consumer.ParkedEvent;
import dev.rookery.store.Transaction;

/** How far the hooks of extensions have followed what is committed, and where they failed. */
public interface HookPositions {
  /** A version with hooks takes over: it begins here, or goes on where the one before it was. */
  void begin(Transaction tx, String extension);

  /** No hooks follow any more. */
  void end(Transaction tx, String extension);

  /** The changes whose hooks kept failing, latest first, of the newest 10,000. Blocks. */
  Page<ParkedEvent> parked(String extension, Page.Request page);

  /**
   * Runs the hooks once more after a change that was parked, on this node and on no other at the
   * same time. Blocks.
   *
   * @throws Refused {@code not_found}; {@code hook_failed} if they fail again, which leaves it
   *     parked; {@code retry_in_progress}; {@code busy} if they cannot run now
   */
  void retry(String extension, long parkedId);

  /**
   * Gives up a change that was parked. Blocks.
   *
   * @throws Refused {@code not_found} if there is none
   */
  void drop(String extension, long parkedId);
}
