import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useRef, useState } from "react";
import classes from "./Snippet.module.css";

/** Text to be copied. */
export function Snippet({ label, text }: { label: string; text: string }) {
  const code = useRef<HTMLPreElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // No clipboard here (an address without https): what is selected can be copied by hand.
      if (code.current) window.getSelection()?.selectAllChildren(code.current);
    }
  };
  const Icon = copied ? IconCheck : IconCopy;
  return (
    <div className={classes.snippet}>
      <section aria-label={label}>
        <pre ref={code} className={classes.code}>
          {text}
        </pre>
      </section>
      <Button
        size="compact-sm"
        variant="light"
        className={classes.copy ?? ""}
        leftSection={<Icon size={14} aria-hidden />}
        aria-label={`Copy: ${label}`}
        onClick={() => void copy()}
      >
        {copied ? "Copied" : "Copy"}
      </Button>
    </div>
  );
}
