package dev.rookery.email;

/**
 * An email in plain text. {@link #toString} shows nothing of it, because its text may contain a
 * sign-in token.
 */
public record Email(String to, String subject, String text) {
  @Override
  public String toString() {
    return "Email";
  }
}
