package dev.rookery.auth;

import dev.rookery.base.ComparedText;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.base.Text;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validates email addresses and passwords. */
final class CredentialRules {
  // Only a delivered email proves that an address exists, so this checks little.
  private static final Pattern EMAIL = Pattern.compile("[^@,;\\s\\p{Cntrl}]+@[^@,;\\s\\p{Cntrl}]+");

  // Controls, format characters, noncharacters, private ones, and spaces of all scripts. Nobody
  // types one of them into an address, and one address must not look like another.
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\p{C}\\p{Z}\u115f\u1160\u3164\uffa0]");
  private static final String CANNOT_BE_BLANK = "can't be blank";

  private CredentialRules() {}

  /** Checks the address of an account that may exist, which was checked when it was created. */
  static void checkEmail(FieldErrors errors, String email, Limits limits) {
    if (email.isEmpty()) {
      errors.add("email", CANNOT_BE_BLANK);
      return;
    }
    if (!EMAIL.matcher(email).matches()) {
      errors.add("email", "must have the @ sign and no spaces");
    }
    errors.text("email", email, 0, limits.emailMax());
  }

  /** Checks an address that an account is to have from now on. */
  static void checkNewEmail(FieldErrors errors, String email, Limits limits) {
    checkEmail(errors, email, limits);
    if (EMAIL.matcher(email).matches() && INVISIBLE.matcher(email).find()) {
      errors.add("email", "must not contain invisible characters");
    }
  }

  static boolean isNewEmail(String email, Limits limits) {
    var errors = new FieldErrors();
    checkNewEmail(errors, email, limits);
    return errors.isEmpty();
  }

  /** Checks a new password, in the form in which it is hashed. */
  static void checkPassword(
      FieldErrors errors, String typed, @Nullable String confirmation, AuthSettings settings) {
    Limits limits = settings.limits();
    String password = ComparedText.password(typed);
    if (password.isBlank()) {
      errors.add("password", CANNOT_BE_BLANK);
      return;
    }
    errors.text("password", password, limits.passwordMin(), limits.passwordMax());
    if (password.chars().anyMatch(Character::isISOControl)) {
      errors.add("password", "must not contain control characters");
    }
    int bytes = password.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limits.passwordMax()
        && password.codePointCount(0, password.length()) <= limits.passwordMax()) {
      errors.add("password", "should be at most " + limits.passwordMax() + " byte(s)");
    }
    if (CommonPasswords.contains(password)
        || CommonPasswords.isProductName(
            password, settings.productName().toLowerCase(Locale.ROOT))) {
      errors.add("password", "is too common");
    }
    if (confirmation != null && !ComparedText.password(confirmation).equals(password)) {
      errors.add("password_confirmation", "does not match password");
    }
  }

  static void checkRegistration(
      FieldErrors errors,
      String email,
      String password,
      @Nullable String confirmation,
      @Nullable String name,
      AuthSettings settings) {
    Limits limits = settings.limits();
    checkNewEmail(errors, ComparedText.email(email), limits);
    checkPassword(errors, password, confirmation, settings);
    errors.visibleLine(
        "display_name", name == null || name.isBlank() ? null : name, limits.displayNameMax());
  }

  /** Returns whether an account could have this email and password at all. */
  static boolean arePlausible(String email, String password, Limits limits) {
    var errors = new FieldErrors();
    checkEmail(errors, email, limits);
    return errors.isEmpty() && isPlausiblePassword(password, limits);
  }

  /** Returns whether an account could have this password at all. */
  static boolean isPlausiblePassword(String password, Limits limits) {
    return !password.isEmpty()
        && Text.isWellFormed(password)
        && (fits(password, limits) || fits(ComparedText.password(password), limits));
  }

  private static boolean fits(String password, Limits limits) {
    return password.length() <= limits.passwordMax()
        && password.getBytes(StandardCharsets.UTF_8).length <= limits.passwordMax();
  }
}
