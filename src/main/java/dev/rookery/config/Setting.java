package dev.rookery.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Environment variables and range of a key. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {
  /**
   * Environment variables; the first that is set wins. Every key has one more, derived from its
   * name: {@code ROOKERY_HTTP_IDLE_TIMEOUT} for {@code http.idleTimeout}.
   */
  String[] env() default {};

  /** The smallest number allowed; for a duration in milliseconds. */
  long min() default 1;

  long max() default Long.MAX_VALUE;
}
