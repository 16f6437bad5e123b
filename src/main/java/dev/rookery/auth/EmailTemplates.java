package dev.rookery.auth;

import dev.rookery.base.VisibleText;
import dev.rookery.email.Email;
import dev.rookery.player.Provider;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Creates the emails of the auth domain, in plain text. An email with a token shows it as a code,
 * for clients that ask for it, and as a link where the server has pages. Following the link changes
 * nothing until the person presses a button, because mail scanners follow links too.
 */
final class EmailTemplates {
  private static final int PRODUCT_NAME_MAX = 80;

  private final String productName;
  private final Supplier<String> pagesUrl;

  /**
   * @param productName the name of the product in subjects and texts
   * @param pagesUrl the base URL of the pages; empty for emails without links
   */
  EmailTemplates(String productName, Supplier<String> pagesUrl) {
    // A line break would end the subject.
    this.productName = VisibleText.clean(productName, PRODUCT_NAME_MAX);
    this.pagesUrl = pagesUrl;
  }

  Email confirmRegistration(String to, String token) {
    return withToken(
        to,
        "Confirm your email address",
        "Thanks for registering at %s. Confirm your email address to create your account."
            .formatted(productName),
        "/users/confirm/",
        token,
        EmailToken.Kind.REGISTER.lifetime());
  }

  Email alreadyRegistered(String to) {
    return new Email(
        to,
        "You already have an account",
        """
        Somebody tried to register at %s with this email address, but it already has an account.

        If this was you, sign in instead, or reset your password if you forgot it. Otherwise you can
        ignore this email.
        """
            .formatted(productName));
  }

  Email magicLink(String to, String token) {
    return withToken(
        to,
        "Sign in to " + productName,
        "Use this to sign in to %s.".formatted(productName),
        "/users/log-in/",
        token,
        EmailToken.Kind.SIGN_IN.lifetime());
  }

  Email passwordReset(String to, String token) {
    return withToken(
        to,
        "Reset your password",
        "Use this to set a new password for your %s account.".formatted(productName),
        "/users/reset-password/",
        token,
        EmailToken.Kind.RESET.lifetime());
  }

  Email emailChange(String to, String token) {
    return withToken(
        to,
        "Confirm your new email address",
        "Confirm this address as the new email address of your %s account.".formatted(productName),
        "/users/settings/confirm-email/",
        token,
        EmailToken.Kind.CHANGE.lifetime());
  }

  /**
   * @param what the credential that was changed, as in "password"
   */
  Email credentialChanged(String to, String what) {
    return new Email(
        to,
        "Your " + what + " was changed",
        """
        The %s of your %s account was changed.

        If this was not you, reset your password and check your active sessions in the account
        settings.
        """
            .formatted(what, productName));
  }

  Email providerLinked(String to, Provider provider) {
    String name = provider.name().charAt(0) + provider.name().substring(1).toLowerCase(Locale.ROOT);
    return new Email(
        to,
        name + " account linked",
        """
        A %s account was linked to your %s account and can now be used to sign in.

        If this was not you, unlink it in the account settings, reset your password and check your
        active sessions.
        """
            .formatted(name, productName));
  }

  private Email withToken(
      String to, String subject, String purpose, String path, String token, Duration lifetime) {
    String baseUrl = pagesUrl.get().replaceAll("/+$", "");
    String link = baseUrl.isEmpty() ? "" : "\nOr open this link:\n" + baseUrl + path + token + "\n";
    String text =
        """
        %s

        Your code: %s
        %s
        It works once and expires after %s. If you did not request it, you can ignore this email.
        """
            .formatted(purpose, token, link, describe(lifetime));
    return new Email(to, subject, text);
  }

  private static String describe(Duration lifetime) {
    long days = lifetime.toDays();
    return days > 0 ? days + " days" : lifetime.toMinutes() + " minutes";
  }
}
