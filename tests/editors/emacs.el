;;; Drives Emacs 28 or later with eglot as its user does; prints "passed" or fails.

(setq package-directory-list '("/usr/share/emacs/site-lisp/elpa")) ; -Q hides Debian's packages
(require 'package)
(package-initialize)
(unless (require 'eglot nil t)
  (princ "no eglot")
  (kill-emacs))
(load (getenv "CLIENT") nil t)

(defun until-true (what holds)
  "Wait until HOLDS returns something; fail with WHAT where it does not."
  (let ((end (+ (float-time) (string-to-number (or (getenv "PATIENCE") "60")))))
    (while (and (not (funcall holds)) (< (float-time) end))
      (accept-process-output nil 0.05))
    (or (funcall holds) (error "Waited in vain for %s" what))))

(defmacro refused (pattern &rest body)
  "Fail unless BODY ends in a sentence that matches PATTERN."
  `(let ((said (condition-case problem (progn ,@body nil)
                 (user-error (error-message-string problem)))))
     (unless (and said (string-match-p ,pattern said))
       (error "Said %S, not %S" said ,pattern))))

(defvar shown nil "The summaries and files of the places that were shown last.")
(setq xref-show-xrefs-function
      (lambda (fetcher _)
        (setq shown (mapcar (lambda (place)
                              (list (xref-item-summary place)
                                    (file-name-nondirectory
                                     (xref-location-group (xref-item-location place)))
                                    (xref-location-line (xref-item-location place))))
                            (funcall fetcher)))))

(defun first-shown (run)
  (setq shown nil)
  (funcall run)
  (car shown))

(defun said () (current-message))
(defvar told nil "What was said last.")
(advice-add 'message :before
            (lambda (form &rest arguments)
              (when form (setq told (apply #'format form arguments)))))

;; without a server there is a sentence
(refused "visits no file" (codearch-search "price"))
(find-file "prices.py")
(let ((codearch-command '("no-such-codearch" "lsp")))
  (refused "no-such-codearch is not found; install it" (codearch-search "price")))

;; nothing is set up: the first command starts the server
(setq eglot-sync-connect (string-to-number (or (getenv "PATIENCE") "60"))
      eglot-connect-timeout (string-to-number (or (getenv "PATIENCE") "80")))
(codearch-flush)
(cl-assert (cl-typep (eglot-current-server) 'codearch-server))

;; what eglot itself does with a server
(goto-char (point-min))
(search-forward "def gross_")
(let ((symbol (car (xref-backend-apropos 'eglot "grossprice"))))
  (cl-assert (string-match-p "gross_price" (xref-item-summary symbol)) t))
(flymake-start)
(until-true "findings" #'flymake-diagnostics)
(cl-assert (equal 1 (length (flymake-diagnostics))))
(cl-assert (string-match-p "todo" (flymake-diagnostic-text (car (flymake-diagnostics)))) t)

;; search, similar, debt: by xref
(pcase-let ((`(,summary ,file ,line) (first-shown (lambda () (codearch-search "gross price")))))
  (cl-assert (string-match-p "\\`function gross_price" summary) t)
  (cl-assert (equal file "prices.py") t)
  (cl-assert (equal line 5) t))
(cl-assert (string-match-p "\\`[0-9]+ % " (car (first-shown #'codearch-similar))) t)
(cl-assert (assoc "prices.py" (mapcar #'cdr (progn (codearch-debt) shown))) t)
(cl-assert (string-match-p "\\`Debt: 2 of 2, [0-9.]+ h" told) t)
(cl-assert (string-match-p "\\[todo\\]" (mapconcat #'car shown "")) t)

;; and by completing-read
(let ((codearch-results 'completing-read) (offered nil))
  (cl-letf (((symbol-function 'completing-read)
             (lambda (_prompt table &rest _)
               (setq offered (all-completions "" table))
               (car (seq-filter (lambda (one) (string-match-p "bill.py:4" one)) offered)))))
    (codearch-search "total items")
    (cl-assert (equal (buffer-name) "bill.py") t)
    (cl-assert (equal (line-number-at-pos) 4) t)))
(switch-to-buffer "prices.py")

;; explain: links are buttons that lead to their places
(goto-char (point-min))
(search-forward "def gross_")
(codearch-explain)
(with-current-buffer "*codearch*"
  (cl-assert (string-match-p "Called by .*total" (buffer-string)) t)
  (cl-assert (not (string-match-p "file:\\|\\*\\*\\|\\\\_" (buffer-string))) t)
  (goto-char (point-min))
  (search-forward "total")
  (push-button (1- (point)))
  (cl-assert (equal (buffer-name (window-buffer)) "bill.py") t))
(switch-to-buffer "prices.py")
(codearch-explain "discounted")
(cl-assert (with-current-buffer "*codearch*" (string-match-p "discounted" (buffer-string))))
(switch-to-buffer "prices.py")

;; status, pause, resume; what is refused has a sentence
(codearch-status)
(cl-assert (string-match-p "CodeArchaeologist: ready, [0-9]+ files" told) t)
(codearch-pause)
(until-true "a status by itself" (lambda () (equal (codearch-state) "paused")))
(refused "CodeArchaeologist: The index is paused" (codearch-flush))
(codearch-search "kind:enum zebra")
(cl-assert (string-match-p "nothing found for search: kind:enum zebra; the index is paused" told) t)
(codearch-resume)
(codearch-flush)
(refused "gnome" (codearch-search "kind:gnome zebra"))
(refused "nothing here is called" (codearch-explain "nobody_knows"))
(cl-letf (((symbol-function 'display-warning)
           (lambda (_type text &rest _) (setq told text))))
  (codearch--check-version "0.0.9")
  (cl-assert (string-match-p "version 0.0.9, and 0.1.1 or later is needed" told) t))

;; the graph is shown in the browser, by panels that are served once for a root
(let* ((visited nil)
       (browse-url-browser-function (lambda (url &rest _) (push url visited)))
       (codearch-command '("sh" "-c" "echo 'http://127.0.0.1:1/#token=abc'; cat" "lsp")))
  (codearch-graph)
  (until-true "an address" (lambda () visited))
  (codearch-graph)
  (cl-assert (equal visited (make-list 2 "http://127.0.0.1:1/#token=abc&panel=graph")) t)
  (mapc (lambda (serving) (delete-process (cdr serving))) codearch--panels)
  (setq codearch-command '("sh" "-c" "echo 'The panels have not been built.'; exit 3" "lsp"))
  (codearch-graph)
  (until-true "a reason" (lambda () (string-match-p "have not been built" told))))

;; names and texts of the workspace are shown as they are, and nothing of them runs
(cl-assert (string-match-p "\\`evil \\$(touch pwned)"
                           (cadr (first-shown (lambda () (codearch-search "marmalade")))))
           t)
(codearch-explain "marmalade")
(cl-assert (not (file-exists-p "pwned")))
(switch-to-buffer "prices.py")

;; what is typed is found before it is saved
(goto-char (point-min))
(insert "def zebra_fee(net):\n    return net / 7\n\n\n")
(eglot--signal-textDocument/didChange)
(codearch-flush)
(cl-assert (string-match-p "zebra_fee" (car (first-shown (lambda () (codearch-search "zebra_fee"))))))
(set-buffer-modified-p nil)

;; the server is started again
(let ((before (eglot-current-server)))
  (codearch-restart)
  (until-true "another server"
              (lambda () (and (eglot-current-server) (not (eq before (eglot-current-server))))))
  (codearch-flush)
  (cl-assert (equal "prices.py" (cadr (first-shown (lambda () (codearch-search "gross price")))))))

(eglot-shutdown (eglot-current-server))
(princ "passed\n")
