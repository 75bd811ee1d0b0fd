Error.prepareStackTrace = undefined;
