package dev.rookery.email;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stand-in without a mail server. It keeps the last emails for the preview page if that is switched
 * on. Otherwise emails are discarded during development, and sending fails in production. The log
 * never shows what an email says, because it may contain a sign-in token.
 */
public final class PreviewEmailSender implements EmailSender {
  private static final Logger LOG = LoggerFactory.getLogger(PreviewEmailSender.class);
  private static final int RECENT_MAX = 50;

  private final boolean production;
  private final boolean keepsRecent;
  private final Deque<Email> recent = new ArrayDeque<>();

  public PreviewEmailSender(boolean production) {
    this(production, false);
  }

  /**
   * @param keepsRecent whether the last emails are kept and can be read
   */
  public PreviewEmailSender(boolean production, boolean keepsRecent) {
    this.production = production;
    this.keepsRecent = keepsRecent;
  }

  @Override
  public Future<Void> send(Email email) {
    if (!isEnabled()) {
      return Future.failedFuture(new IllegalStateException("no mail server is configured"));
    }
    if (keepsRecent) {
      remember(email);
    }
    if (!production) {
      LOG.info(
          "no mail server is configured: the email \"{}\" {}",
          email.subject(),
          keepsRecent
              ? "is at /dev/mailbox"
              : "was discarded; with MAILBOX_PREVIEW_ENABLED=true it is at /dev/mailbox");
    }
    return Future.succeededFuture();
  }

  private void remember(Email email) {
    synchronized (recent) {
      recent.addFirst(email);
      if (recent.size() > RECENT_MAX) {
        recent.removeLast();
      }
    }
  }

  /** The last emails sent by this node, newest first; at most 50. */
  public List<Email> recent() {
    synchronized (recent) {
      return List.copyOf(recent);
    }
  }

  @Override
  public boolean isEnabled() {
    return !production || keepsRecent;
  }

  @Override
  public boolean reachesRecipients() {
    return false;
  }

  @Override
  public void close() {
    // There is nothing to close.
  }
}
