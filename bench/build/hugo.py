"""Owns a theme for Hugo whose pages say what ours say: head and structured data, menus, crumbs, contents, neighbours,
search box, feedback, a Markdown twin of each article, a list of all, llms.txt. Refuses to be beautiful.

A bare theme is the least that Hugo can do; this one is the same work, written as Hugo's documentation advises.
"""

from __future__ import annotations

from collections.abc import Mapping

CONFIG = """\
baseURL = "https://bench.example/"
title = "Bench"
disableKinds = ["taxonomy", "term", "RSS"]
[outputs]
home = ["HTML", "LLMS"]
page = ["HTML", "TWIN"]
section = ["HTML"]
[outputFormats.TWIN]
mediaType = "text/markdown"
baseName = "index"
isPlainText = true
[outputFormats.LLMS]
mediaType = "text/plain"
baseName = "llms"
isPlainText = true
[markup.goldmark.parser]
autoHeadingIDType = "github"
"""
_HEAD = """\
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; img-src 'self' data: https:">
<title>{{ .Title }} | {{ .Site.Title }}</title>
<meta name="description" content="{{ .Params.summary }}"><link rel="canonical" href="{{ .Permalink }}">
{{ with .OutputFormats.Get "TWIN" }}<link rel="alternate" type="text/markdown" href="{{ .RelPermalink }}">{{ end }}
{{ $open := dict "og:type" (cond .IsPage "article" "website") "og:title" .Title "og:description" .Params.summary
  "og:url" .Permalink "og:site_name" .Site.Title "og:locale" "ko_KR" "og:image" (absURL "static/card.png")
  "og:image:width" "1200" "og:image:height" "630" "og:image:alt" .Site.Title "twitter:card" "summary_large_image" }}
{{ range $name, $value := $open }}<meta property="{{ $name }}" content="{{ $value }}">
{{ end }}
{{ $who := dict "@type" "Organization" "name" .Site.Title "url" .Site.BaseURL }}
{{ $steps := slice }}
{{ range .Ancestors.Reverse }}
  {{ $step := dict "@type" "ListItem" "position" (add 1 (len $steps)) "name" .Title "item" .Permalink }}
  {{ $steps = $steps | append $step }}
{{ end }}
{{ $article := dict "@type" "Article" "url" .Permalink "inLanguage" "ko" "headline" .Title
  "description" .Params.summary "image" (absURL "static/card.png") "author" $who "publisher" $who }}
{{ $trail := dict "@type" "BreadcrumbList" "itemListElement" $steps }}
{{ $graph := dict "@context" "https://schema.org" "@graph" (slice $article $trail) }}
<script type="application/ld+json">{{ $graph | jsonify | safeJS }}</script>
<link rel="stylesheet" href="{{ "static/portal.css" | relURL }}">
<script src="{{ "static/portal.js" | relURL }}" defer></script>
"""
_SEARCH = """\
<dialog class="search-dialog" aria-label="검색"><form action="/all/" method="get" role="search">
<input type="search" name="q" aria-label="검색" placeholder="궁금한 점을 검색해 보세요"
  autocomplete="off" maxlength="200">
<button type="reset" aria-label="검색어 지우기" hidden></button><button type="button">닫기</button></form>
<p class="unseen" role="status"></p></dialog>
<details class="pop" id="brightness" hidden><summary aria-label="화면 밝기"></summary><ul>
<li><button type="button" data-theme-choice="auto" aria-pressed="true">기기 설정대로</button></li>
<li><button type="button" data-theme-choice="light" aria-pressed="false">밝게</button></li>
<li><button type="button" data-theme-choice="dark" aria-pressed="false">어둡게</button></li></ul></details>
"""
_BASE = """\
<!doctype html><html lang="ko" dir="ltr"><head>{{ partial "head.html" . }}</head>
<body><a class="skip" href="#main">본문으로 바로가기</a>
<header class="top"><a class="brand" href="{{ .Site.Home.RelPermalink }}">{{ .Site.Title }}</a>
<nav aria-label="주요 메뉴"><ul><li><a href="/all/">자주 묻는 질문</a></li>
<li><a href="/contact/">문의</a></li></ul></nav>
{{ partialCached "search.html" . }}</header>
<main id="main" tabindex="-1"><nav class="crumbs" aria-label="현재 위치"><ol>
{{ range .Ancestors.Reverse }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ol></nav>
<article data-pagefind-body><h1>{{ .Title }}</h1>{{ with .Params.summary }}<p class="lead">{{ . }}</p>{{ end }}
{{ block "main" . }}{{ .Content }}{{ end }}</article></main>
<footer>{{ .Site.Title }} <a href="/contact/">문의</a></footer></body></html>
"""
_SINGLE = """\
{{ define "main" }}<details class="toc-phone"><summary>이 글의 내용</summary>{{ .TableOfContents }}</details>
<div class="text" lang="ko">{{ .Content }}</div>
<form class="helpful" data-pagefind-ignore><fieldset><legend>도움이 되었나요?</legend>
<button name="yes">예</button><button name="no">아니요</button></fieldset></form>
<section class="related" data-pagefind-ignore><h2>함께 보면 좋은 글</h2><ul>
{{ range first 3 (where .CurrentSection.RegularPages "RelPermalink" "ne" .RelPermalink) }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a><p>{{ .Params.summary }}</p></li>{{ end }}</ul></section>
<p><a href="/contact/?from={{ .RelPermalink }}">문의하기</a></p>
<aside class="toc" data-pagefind-ignore>{{ .TableOfContents }}</aside>{{ end }}
"""
_LIST = """\
{{ define "main" }}<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>
<p>{{ .Params.summary }}</p></li>{{ end }}</ul>{{ end }}
"""
_ALL = """\
{{ define "main" }}{{ range .Site.Sections }}<section><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2><ul>
{{ range .RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a><p>{{ .Params.summary }}</p></li>{{ end }}
</ul></section>{{ end }}{{ end }}
"""
_TWIN = "# {{ .Title }}\n\n> {{ .Params.summary }}\n\n{{ .Permalink }}\n\n{{ .RawContent }}\n"
_LLMS = """\
# {{ .Site.Title }}
{{ range .Site.Sections }}
## {{ .Title }}
{{ range .RegularPages }}
- [{{ .Title }}]({{ .Permalink }}index.md): {{ .Params.summary }}{{ end }}
{{ end }}
"""
LAYOUTS: Mapping[str, str] = {
    "_default/baseof.html": _BASE,
    "_default/single.html": _SINGLE,
    "_default/list.html": _LIST,
    "_default/all.html": _ALL,
    "_default/single.twin.md": _TWIN,
    "index.html": _LIST.replace(".Pages", ".Site.Sections"),
    "index.llms.txt": _LLMS,
    "404.html": '{{ define "main" }}<p>찾을 수 없습니다.</p>{{ end }}',
    "partials/head.html": _HEAD,
    "partials/search.html": _SEARCH,
}
