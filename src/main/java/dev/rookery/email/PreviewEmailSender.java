package dev.rookery.email;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where there is no mail server: whoever develops reads letters in the log. In production nothing
 * of a letter is logged, for it may open an account, and sending it fails; unless the last ones are
 * kept for somebody to read them here.
 */
public final class PreviewEmailSender implements EmailSender {
  private static final Logger LOG = LoggerFactory.getLogger(PreviewEmailSender.class);
  private static final int KEPT_MAX = 50;

  private final boolean production;
  private final boolean keeping;
  private final Deque<Email> kept = new ArrayDeque<>();

  public PreviewEmailSender(boolean production) {
    this(production, false);
  }

  /**
   * @param keeping whether the last letters can be read
   */
  public PreviewEmailSender(boolean production, boolean keeping) {
    this.production = production;
    this.keeping = keeping;
  }

  @Override
  public Future<Void> send(Email letter) {
    if (!works()) {
      return Future.failedFuture(new IllegalStateException("no mail server is configured"));
    }
    if (keeping) {
      keep(letter);
    }
    if (!production) {
      LOG.info("mail to {}: {}\n{}", letter.to(), letter.subject(), letter.text());
    }
    return Future.succeededFuture();
  }

  private void keep(Email letter) {
    synchronized (kept) {
      kept.addFirst(letter);
      if (kept.size() > KEPT_MAX) {
        kept.removeLast();
      }
    }
  }

  /** The last letters of this node, newest first. */
  public List<Email> kept() {
    synchronized (kept) {
      return List.copyOf(kept);
    }
  }

  @Override
  public boolean works() {
    return !production || keeping;
  }

  @Override
  public boolean delivers() {
    return false;
  }

  @Override
  public void close() {
    // Nothing was opened.
  }
}
