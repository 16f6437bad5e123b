package dev.rookery.config;

import org.jspecify.annotations.Nullable;

/** The SMTP server that sends email, and the sender. Without a relay, email goes to the log. */
public record EmailConfig(
    @Setting(env = "SMTP_RELAY") @Nullable String relay,
    @Setting(env = "SMTP_PORT", max = 65_535) int port,
    @Setting(env = "SMTP_USERNAME") @Nullable String username,
    @Setting(env = "SMTP_PASSWORD") @Nullable Secret password,
    @Setting(env = "SMTP_SSL") boolean ssl,
    @Setting(env = "SMTP_SNI") @Nullable String sni,
    @Setting(env = "SMTP_TLS") StartTls tls,
    @Setting(env = "SMTP_FROM_NAME") String fromName,
    @Setting(env = "SMTP_FROM_EMAIL") @Nullable String fromEmail,
    @Nullable String pages,
    @Setting(env = "MAILBOX_PREVIEW_ENABLED") boolean preview) {
  static final EmailConfig DEFAULTS =
      new EmailConfig(
          null, 465, null, null, true, null, StartTls.NEVER, "Rookery", null, null, false);

  public enum StartTls {
    NEVER,
    IF_AVAILABLE,
    ALWAYS
  }
}
